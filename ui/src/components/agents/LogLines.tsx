import { getRouteApi } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { button } from '@/components/ui/button'
import { cx, fmtInt } from '@/lib/format'
import type { LogSource } from '@/lib/log/source'
import { LogLine } from './LogLine'

const route = getRouteApi('/p/$project/agents/$agent')
const ROW = 18

type Props = {
  source: LogSource
  /** The lines that are let through; nothing: all. */
  shown: number[] | undefined
  /** The line to go to. */
  target: number | undefined
  raw: boolean
  wrap: boolean
  find: string
  label: string
}

/** The lines on screen, and only these. It stays at the end until somebody scrolls up. */
export function LogLines({ source, shown, target, raw, wrap, find, label }: Props) {
  'use no memo'
  const box = useRef<HTMLDivElement>(null)
  const [stuck, setStuck] = useState(target === undefined)
  const [seen, setSeen] = useState(0)
  const { book } = source
  const count = shown?.length ?? book.count
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
    getItemKey: (i) => shown?.[i] ?? i,
  })
  const items = rows.getVirtualItems()
  // Measuring and wrapping change it: whoever is at the end stays there.
  const size = rows.getTotalSize()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    for (const i of new Set([first, last])) {
      const line = shown ? shown[i] : i
      if (line !== undefined) source.ensure(line, line)
    }
  }, [source, shown, first, last])
  useEffect(() => {
    if (stuck && size > 0) rows.scrollToIndex(count - 1, { align: 'end' })
  }, [stuck, count, size, rows])
  // The line may be read later than the page is opened: it is gone to once, when it is there.
  const gone = useRef<number>(undefined)
  useEffect(() => {
    if (target === undefined || gone.current === target) return
    const index = shown ? shown.indexOf(target) : target
    if (index < 0 || index >= count) return
    gone.current = target
    setStuck(false)
    rows.scrollToIndex(index, { align: 'center' })
  }, [target, count, shown, rows])
  // What was there already when it was opened is not new.
  useEffect(() => {
    if (source.state !== 'following') setSeen(count)
  }, [source.state, count])
  const fresh = stuck ? 0 : Math.max(0, count - seen)
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        role="log"
        aria-live="off"
        aria-label={label}
        tabIndex={0}
        onScroll={({ currentTarget: b }) => {
          const end = b.scrollHeight - b.scrollTop - b.clientHeight < 2 * ROW
          if (end !== stuck) setStuck(end)
          if (!end && stuck) setSeen(count)
        }}
        className="absolute inset-0 overflow-auto p-2 font-mono text-xs [overflow-anchor:none]"
      >
        <div className="relative min-w-full" style={{ height: size }}>
          {items.map((row) => {
            const at = shown?.[row.index] ?? row.index
            const line = book.line(at)
            return (
              <div
                key={row.key}
                ref={rows.measureElement}
                data-index={row.index}
                className={cx(
                  'absolute top-0 left-0 flex min-w-full gap-3 rounded-sm pr-2 leading-[18px]',
                  wrap && 'w-full',
                  at === target && 'bg-accent-soft',
                )}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <route.Link
                  to="."
                  search={(s) => ({ ...s, run: source.run, line: at + 1 })}
                  replace
                  aria-label={`Link to line ${at + 1}`}
                  className="w-12 shrink-0 text-right text-subtle select-none hover:text-fg hover:underline"
                  tabIndex={-1}
                >
                  {at + 1}
                </route.Link>
                <span
                  className={cx(
                    'min-w-0',
                    wrap ? 'flex-1 whitespace-pre-wrap [overflow-wrap:anywhere]' : 'whitespace-pre',
                  )}
                >
                  {line === undefined ? '…' : <LogLine line={line} raw={raw} find={find} />}
                </span>
              </div>
            )
          })}
        </div>
      </div>
      {!stuck && count > 0 && (
        <button
          type="button"
          className={cx(button.plain, 'absolute right-4 bottom-3 shadow-(--shadow-pop)')}
          onClick={() => setStuck(true)}
        >
          <ArrowDown size={14} aria-hidden />
          {fresh > 0 ? `${fmtInt(fresh)} new ${fresh === 1 ? 'line' : 'lines'}` : 'To the end'}
        </button>
      )}
    </div>
  )
}
