import type { BurnDay } from '@/lib/burnup'
import { burnUp } from '@/lib/burnup'
import { fmtCompact, fmtDay } from '@/lib/format'
import { linear, ticks } from '@/lib/scale'
import { ChartFrame } from './ChartFrame'
import { useWidth } from './useWidth'

const H = 220
const L = 44
const B = 22
const T = 16
const DAY = 86_400_000

type Props = {
  history: BurnDay[]
  /** First and last day of the period. */
  first: string
  last: string
  limit: number | undefined
  /** Tokens a day. */
  pace: number
}

const date = (first: string, day: number) =>
  new Date(Date.parse(`${first}T00:00:00Z`) + (Math.max(1, day) - 1) * DAY).toISOString().slice(0, 10)

/** What was used so far in the period, and where the pace leads: dashed, up to the limit. */
export function BurnUpChart({ history, first, last, limit, pace }: Props) {
  const [ref, width] = useWidth()
  const b = burnUp(history, first, last, limit, pace)
  const steps = ticks(b.top)
  const y = linear(0, steps.at(-1) || 1, H - B, T)
  const x = linear(0, b.days, L, width - 8)
  const line = [{ day: 0, sum: 0 }, ...b.points].map((p) => `${x(p.day)},${y(p.sum)}`)
  const end = b.points.at(-1)
  const every = Math.max(1, Math.ceil(b.days / Math.floor(width / 80)))
  const fall = b.falls === undefined || limit === undefined ? undefined : { day: b.falls, sum: limit }
  const target = fall ?? b.pace?.to
  return (
    <ChartFrame
      title="Used so far"
      file="burn-up"
      columns={['Day', 'Used until then']}
      rows={b.points.map((p) => [date(first, p.day), p.sum])}
      aside={
        <span className="text-xs text-muted">
          {fall
            ? `At this pace the limit falls on ${fmtDay(date(first, Math.ceil(fall.day)))}.`
            : b.pace
              ? limit === undefined
                ? `At this pace ${fmtCompact(b.pace.to.sum)} by ${fmtDay(last)}.`
                : `At this pace the limit holds: ${fmtCompact(b.pace.to.sum)} by ${fmtDay(last)}.`
              : ''}
        </span>
      }
    >
      <div ref={ref} className="mt-2">
        <svg width={width} height={H} aria-hidden className="block">
          {steps.map((t) => (
            <g key={t}>
              <line x1={L} x2={width} y1={y(t)} y2={y(t)} className="stroke-line" />
              <text x={L - 6} y={y(t) + 4} textAnchor="end" className="fill-subtle text-[11px] tabular-nums">
                {fmtCompact(t)}
              </text>
            </g>
          ))}
          {Array.from({ length: b.days }, (_, i) => i + 1).map(
            (day) =>
              (day - 1) % every === 0 && (
                <text
                  key={day}
                  x={x(day - 0.5)}
                  y={H - 6}
                  textAnchor="middle"
                  className="fill-subtle text-[11px]"
                >
                  {fmtDay(date(first, day))}
                </text>
              ),
          )}
          {limit !== undefined && (
            <>
              <line
                x1={L}
                x2={width}
                y1={y(limit)}
                y2={y(limit)}
                className="stroke-failed"
                strokeWidth={1.5}
              />
              <text x={L + 4} y={y(limit) - 4} className="fill-failed text-[11px] font-medium">
                Limit {fmtCompact(limit)}
              </text>
            </>
          )}
          {end && (
            <>
              <polygon
                points={`${x(0)},${y(0)} ${line.join(' ')} ${x(end.day)},${y(0)}`}
                className="fill-accent-soft"
              />
              <polyline points={line.join(' ')} className="fill-none stroke-bar-in" strokeWidth={2} />
              <circle cx={x(end.day)} cy={y(end.sum)} r={3.5} className="fill-bar-in" />
            </>
          )}
          {b.pace && target && (
            <>
              <line
                x1={x(b.pace.from.day)}
                y1={y(b.pace.from.sum)}
                x2={x(target.day)}
                y2={y(target.sum)}
                className={fall ? 'stroke-failed' : 'stroke-subtle'}
                strokeWidth={1.5}
                strokeDasharray="5 4"
              />
              {fall && <circle cx={x(fall.day)} cy={y(fall.sum)} r={3.5} className="fill-failed" />}
            </>
          )}
        </svg>
      </div>
    </ChartFrame>
  )
}
