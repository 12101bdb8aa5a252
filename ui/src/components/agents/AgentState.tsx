import { CirclePause, CircleStop, CircleX, Coffee, Hourglass, LoaderCircle } from 'lucide-react'
import type { Agent } from '@/lib/api/queries/agents'
import { cx } from '@/lib/format'

const looks = {
  idle: ['text-pending bg-pending-soft', 'Idle', Coffee],
  working: ['text-running bg-running-soft', 'Working', LoaderCircle],
  waiting: ['text-approval bg-approval-soft', 'Waiting', Hourglass],
  paused: ['text-approval bg-approval-soft', 'Paused', CirclePause],
  stopped: ['text-pending bg-pending-soft', 'Stopped', CircleStop],
  crashed: ['text-failed bg-failed-soft', 'Crashed', CircleX],
} as const

/** What an agent does, as an icon and a word. */
export function AgentState({ value }: { value: Agent['status'] }) {
  const [tone, name, Icon] = looks[value]
  return (
    <span
      className={cx(
        'inline-flex shrink-0 items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium',
        tone,
      )}
    >
      <Icon size={13} aria-hidden />
      {name}
    </span>
  )
}
