import { useEffect, useState } from 'react'
import { failed } from '@/components/ui/Toast'
import type { LogSource } from '@/lib/log/source'

type Done = { source: LogSource | undefined; text: string; raw: boolean; hits: number[] }

/** The lines that hold a text; searched again a moment after the last key, and for what was added. */
export function useFind(source: LogSource, text: string, raw: boolean) {
  const [done, setDone] = useState<Done>({ source: undefined, text: '', raw, hits: [] })
  const count = text === '' ? 0 : source.book.count
  useEffect(() => {
    if (text === '' || count === 0) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      source
        .find(text, raw, stop.signal)
        .then((hits) => stop.signal.aborted || setDone({ source, text, raw, hits }))
        .catch((error: unknown) => stop.signal.aborted || failed(error, 'The log was not searched'))
    }, 200)
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [source, text, raw, count])
  // What was found before stays while lines are added; another text starts over.
  const same = done.source === source && done.text === text && done.raw === raw
  return { hits: same && text !== '' ? done.hits : [], busy: text !== '' && !same }
}
