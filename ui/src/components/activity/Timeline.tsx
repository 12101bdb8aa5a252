import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef } from 'react'
import { EventRow } from './EventRow'
import type { Row } from './rows'

type Props = { rows: Row[]; project: string; children: ReactNode }

/** The rows on screen, however many there are; what stands below the last is the caller's. */
export function Timeline({ rows, project, children }: Props) {
  'use no memo'
  const box = useRef<HTMLElement>(null)
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (i) => (rows[i] && 'day' in rows[i] ? 44 : 30),
    overscan: 12,
    getItemKey: (i) => {
      const row = rows[i]
      return row && 'event' in row ? row.event.id : `above ${row?.above}`
    },
  })
  return (
    <section ref={box} aria-label="Timeline" tabIndex={0} className="mt-2 min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-3xl px-4 sm:px-6">
        <ol className="relative border-l border-line" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((item) => {
            const row = rows[item.index]
            return (
              row && (
                <li
                  key={item.key}
                  ref={list.measureElement}
                  data-index={item.index}
                  className="absolute top-0 left-0 w-full"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {'event' in row ? (
                    <EventRow event={row.event} project={project} />
                  ) : (
                    <h2 className="-ml-px bg-canvas pt-5 pb-1 text-xs font-medium text-muted">{row.day}</h2>
                  )}
                </li>
              )
            )
          })}
        </ol>
        {children}
      </div>
    </section>
  )
}
