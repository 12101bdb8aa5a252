import { Check } from 'lucide-react'
import { cx, fmtInt, fmtPct } from '@/lib/format'
import { type Threshold, usedText } from '@/lib/usage'

type Props = { name: string; used: number; limit: number; percent: number; marks: Threshold[] }

const tone = (marks: Threshold[], left: number) => {
  const passed = marks.filter((m) => left <= m.left).map((m) => m.key)
  return passed.includes('pause')
    ? 'bg-failed'
    : passed.includes('low') || passed.includes('warn')
      ? 'bg-approval'
      : 'bg-accent'
}

/** How much of the limit is used, with a tick wherever something changes. */
export function PeriodMeter({ name, used, limit, percent, marks }: Props) {
  const left = (100 - percent) / 100
  return (
    <>
      <div
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.min(used, limit)}
        aria-valuetext={`${fmtInt(used)} of ${fmtInt(limit)} tokens, ${usedText(percent)} used`}
        className="relative mt-3 h-3 rounded-full bg-sunken"
      >
        <div
          className={cx('bar-fill h-full rounded-full', tone(marks, left))}
          style={{ width: `${Math.min(100, percent)}%` }}
        />
        {marks.map((m) => (
          <span
            key={m.key}
            aria-hidden
            className="absolute -inset-y-1 w-0.5 rounded bg-line-strong"
            style={{ left: `${(1 - m.left) * 100}%` }}
          />
        ))}
      </div>
      <ul className="mt-3 grid gap-x-6 gap-y-0.5 text-xs text-muted sm:grid-cols-2">
        {marks.map((m) => (
          <li
            key={m.key}
            className={cx('flex items-center gap-1.5', left <= m.left && 'font-medium text-fg')}
          >
            <Check size={12} aria-hidden className={left <= m.left ? 'text-approval' : 'invisible'} />
            <span className="w-20 shrink-0 tabular-nums">{fmtPct(m.left)} left</span>
            {m.effect}
            {left <= m.left && <span className="sr-only"> (in force)</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
