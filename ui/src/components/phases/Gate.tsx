import { DoorOpen, Hand, Lock } from 'lucide-react'
import type { Phase } from '@/lib/api/queries/phases'
import { cx } from '@/lib/format'

const look = {
  open: [DoorOpen, 'text-done border-done', 'Gate open: approved'],
  waiting: [Hand, 'text-approval border-approval', 'Gate waits for your approval'],
  locked: [Lock, 'text-subtle border-line-strong', 'Gate locked until this phase is approved'],
} as const

/** The connector behind a phase: whether the next one may start. */
export function Gate({ phase }: { phase: Phase }) {
  const state =
    phase.status === 'completed' ? 'open' : phase.status === 'awaiting_approval' ? 'waiting' : 'locked'
  const [Icon, tone, label] = look[state]
  const line = cx('w-px flex-1 sm:hidden', state === 'open' ? 'bg-done' : 'bg-line-strong')
  return (
    <div
      role="img"
      aria-label={label}
      title={label}
      className="mt-9 flex h-6 w-6 shrink-0 items-center max-sm:mx-auto max-sm:mt-0 max-sm:h-12 max-sm:flex-col"
    >
      <span className={line} />
      <span className={cx('grid size-6 shrink-0 place-items-center rounded-full border bg-surface', tone)}>
        <Icon size={13} aria-hidden />
      </span>
      <span className={line} />
    </div>
  )
}
