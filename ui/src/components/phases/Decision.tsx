import { CircleCheck, Undo2 } from 'lucide-react'
import type { Phase } from '@/lib/api/queries/phases'
import { cx, fmtDateTime } from '@/lib/format'

/** Who decided at the gate, when, and what they said. */
export function Decision({ phase, short }: { phase: Phase; short?: boolean }) {
  if (!phase.decision) return null
  const approved = phase.status === 'completed'
  const { by, at, note } = phase.decision
  const Icon = approved ? CircleCheck : Undo2
  return (
    <p className={cx('mt-2 flex gap-1.5 text-xs', approved ? 'text-done' : 'text-approval')}>
      <Icon size={13} className="mt-px shrink-0" aria-hidden />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {approved ? 'Approved' : 'Sent back'} by {by.replace(/^person:/, '')},{' '}
        <span className="tabular-nums">{fmtDateTime(at)}</span>
        {note && (
          <span
            className={cx('block text-muted', short ? 'line-clamp-2' : 'line-clamp-6')}
            title={short ? note : undefined}
          >
            {note}
          </span>
        )}
      </span>
    </p>
  )
}
