import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import { button } from '@/components/ui/button'
import type { Schemas } from '@/lib/api/client'

const ROW = 18

const tone = (line: string) =>
  line.startsWith('+') && !line.startsWith('+++')
    ? 'bg-done-soft text-done'
    : line.startsWith('-') && !line.startsWith('---')
      ? 'bg-failed-soft text-failed'
      : line.startsWith('@@') || line.startsWith('diff ')
        ? 'text-running'
        : ''

/** The patch as text; only the lines near the view exist. */
export function PatchView({ diff }: { diff: Schemas['Diff'] }) {
  const [open, setOpen] = useState(false)
  return (
    <section>
      <h3 className="flex flex-wrap items-center gap-x-2 font-semibold">
        Diff
        <span className="text-xs font-normal text-muted">
          <code className="font-mono">{diff.base}</code> to <code className="font-mono">{diff.branch}</code>
        </span>
        <button
          type="button"
          aria-expanded={open}
          className={`${button.ghost} ml-auto font-normal`}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Hide' : 'Show'}
        </button>
      </h3>
      {open && <Lines patch={diff.patch} />}
      {open && diff.patch_cut && (
        <p className="mt-1 text-xs text-muted">
          The patch goes on. All of it: git diff {diff.base}...{diff.branch}
        </p>
      )}
    </section>
  )
}

function Lines({ patch }: { patch: string }) {
  'use no memo' // the virtualizer is a mutable instance: the React Compiler must leave this component alone
  const lines = useMemo(() => patch.split('\n'), [patch])
  const longest = useMemo(() => lines.reduce((most, line) => Math.max(most, line.length), 0), [lines])
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 20,
  })
  return (
    <section
      ref={box}
      tabIndex={0}
      aria-label="Patch"
      className="mt-1 h-80 overflow-auto rounded-lg border border-line bg-sunken font-mono text-xs"
    >
      <div
        className="relative"
        style={{ height: rows.getTotalSize(), minWidth: `${Math.min(longest, 2000)}ch` }}
      >
        {rows.getVirtualItems().map((row) => {
          const line = lines[row.index] ?? ''
          return (
            <div
              key={row.key}
              className={`absolute left-0 w-full px-2 leading-[18px] whitespace-pre ${tone(line)}`}
              style={{ top: row.start, height: ROW }}
            >
              {line.slice(0, 2000)}
            </div>
          )
        })}
      </div>
    </section>
  )
}
