import { useState } from 'react'

/** Text that survives a reload of the page, until it is empty again. */
export function useKept(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => localStorage.getItem(key) ?? '')
  const keep = (next: string) => {
    setText(next)
    try {
      if (next) localStorage.setItem(key, next)
      else localStorage.removeItem(key)
    } catch {
      // A full or closed store only loses the draft on reload.
    }
  }
  return [text, keep]
}
