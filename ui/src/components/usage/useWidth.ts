import { useCallback, useState } from 'react'

/** The width of a box in pixels, so that a chart's text keeps its size on every screen. */
export function useWidth(first = 720): [(box: HTMLElement | null) => (() => void) | undefined, number] {
  const [width, setWidth] = useState(first)
  const ref = useCallback((box: HTMLElement | null) => {
    if (!box) return
    const look = new ResizeObserver(([entry]) => entry && setWidth(Math.max(240, entry.contentRect.width)))
    look.observe(box)
    return () => look.disconnect()
  }, [])
  return [ref, width]
}
