import { type RefObject, useLayoutEffect, useState } from 'react'

const MARGIN = 300
const all = { left: 0, top: 0, right: 1600, bottom: 1200, width: 0, height: 0 }

/** The part of a scrolled box that is on screen, with a margin; follows scrolling in steps. */
export function useView(ref: RefObject<HTMLElement | null>) {
  const [view, setView] = useState(all)
  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return
    const read = () => {
      const step = (n: number) => Math.round(n / 100) * 100
      const { clientWidth: width, clientHeight: height } = box
      const [left, top] = [step(box.scrollLeft) - MARGIN, step(box.scrollTop) - MARGIN]
      setView((old) =>
        old.left === left && old.top === top && old.width === width && old.height === height
          ? old
          : { left, top, right: left + width + 2 * MARGIN, bottom: top + height + 2 * MARGIN, width, height },
      )
    }
    read()
    box.addEventListener('scroll', read, { passive: true })
    const size = new ResizeObserver(read)
    size.observe(box)
    return () => {
      box.removeEventListener('scroll', read)
      size.disconnect()
    }
  }, [ref])
  return view
}
