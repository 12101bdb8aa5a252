import { useEffect } from 'react'

/** Names the page in the browser's tab. */
export function useTitle(...parts: (string | undefined)[]) {
  const title = [...parts.filter(Boolean), 'Autocoder'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
