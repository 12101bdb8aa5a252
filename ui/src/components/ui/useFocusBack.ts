import { useState } from 'react'

/** Gives the focus back to what had it before a dialog came: dialogs of the address have no trigger of their own. */
export function useFocusBack() {
  const [before] = useState(() => document.activeElement)
  return (e: Event) => {
    e.preventDefault()
    if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus()
    else document.getElementById('main')?.focus({ preventScroll: true })
  }
}
