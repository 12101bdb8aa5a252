import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { Run } from '@/lib/api/queries/agents'
import type { Level } from '@/lib/log/entry'
import { LogSource } from '@/lib/log/source'

/** The log of a run, read and followed while the screen is open. */
export function useLog(run: Run): LogSource {
  const { id } = run
  // A run that ends while it is followed says so itself: what it was at first counts.
  const [ended] = useState(run.ended_at != null)
  const [source, setSource] = useState(() => new LogSource(id, ended))
  useEffect(() => {
    const open = new LogSource(id, ended)
    setSource(open)
    void open.open()
    return () => open.close()
  }, [id, ended])
  useSyncExternalStore(source.subscribe, source.snapshot)
  return source
}

export type Filter = 'all' | Level

/** The lines that a filter lets through; nothing: all of them. */
export function useFiltered(source: LogSource, filter: Filter): number[] | undefined {
  const kept = useRef<{ book: unknown; filter: Filter; seen: number; lines: number[] }>(undefined)
  if (filter === 'all') return undefined
  const { book } = source
  const old = kept.current
  const now =
    old && old.book === book && old.filter === filter ? old : { book, filter, seen: 0, lines: [] as number[] }
  for (; now.seen < book.count; now.seen++) if (book.level(now.seen) === filter) now.lines.push(now.seen)
  kept.current = now
  return now.lines
}
