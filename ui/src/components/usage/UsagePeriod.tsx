import { Clock, Hand, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Settings, Stats } from '@/lib/api/queries/usage'
import { fmtCost, fmtDateTime, fmtInt } from '@/lib/format'
import { dayIn, daysText, measureNames, periodText, thresholds, usedText } from '@/lib/usage'
import { PeriodMeter } from './PeriodMeter'

type Props = { stats: Stats; settings: Settings }

/** The current period: what is used, what is left, until when, and at which pace. */
export function UsagePeriod({ stats: u, settings }: Props) {
  const zone = settings.time_zone
  const pace = u.average_daily_tokens
  // The average is of input and output; under another measure the forecast says when.
  const days =
    u.remaining == null || pace === 0 || u.measure !== 'total_tokens' ? undefined : u.remaining / pace
  const untilReset = u.reset_date ? (Date.parse(u.reset_date) - Date.now()) / 86_400_000 : undefined
  const ownLimits = u.track_by === 'project' && u.project_name == null && settings.monthly_limit != null
  const facts: [string, string][] = [
    ['Today', fmtInt(u.today_tokens)],
    ['Average/Day', fmtInt(pace)],
    ['Remaining', u.remaining == null ? (ownLimits ? 'By project' : 'No limit') : fmtInt(u.remaining)],
    ['Resets', u.reset_date ? dayIn(u.reset_date, zone) : 'Never'],
    ['Cost at list prices', fmtCost(u.cost_nusd)],
  ]
  return (
    <>
      <p className="text-xs text-muted">
        Current Period:{' '}
        {u.period_start && u.reset_date
          ? periodText(u.period_start, u.reset_date, zone)
          : 'since the beginning'}
      </p>
      <p className="mt-1 flex flex-wrap items-baseline gap-x-2">
        {u.percentage_used != null && (
          <span className="text-2xl font-semibold tabular-nums">{usedText(u.percentage_used)} used</span>
        )}
        <span
          className={
            u.percentage_used == null ? 'text-2xl font-semibold tabular-nums' : 'text-muted tabular-nums'
          }
        >
          {fmtInt(u.used)}
          {u.limit != null && ` / ${fmtInt(u.limit)}`} tokens
        </span>
        {u.measure !== 'total_tokens' && (
          <span className="text-xs text-muted">({measureNames[u.measure]})</span>
        )}
      </p>
      {u.limit != null && u.percentage_used != null ? (
        <PeriodMeter
          name="Token usage"
          used={u.used}
          limit={u.limit}
          percent={u.percentage_used}
          marks={thresholds(settings)}
        />
      ) : (
        <p className="mt-1 text-muted">
          {ownLimits && settings.monthly_limit != null
            ? `Each project has a limit of its own: ${fmtInt(settings.monthly_limit)} tokens a month.`
            : 'No monthly limit is set.'}
        </p>
      )}
      {days !== undefined && untilReset !== undefined && days < untilReset && (
        <Note icon={<TriangleAlert size={15} aria-hidden />}>
          At the current rate, the limit is reached {daysText(days)}.
        </Note>
      )}
      {u.blocked_until && (
        <Note icon={<Hand size={15} aria-hidden />}>
          The provider refuses until {fmtDateTime(u.blocked_until)}; the agents wait.
        </Note>
      )}
      {u.closed_until && (
        <Note icon={<Clock size={15} aria-hidden />}>
          Outside of its schedule until {fmtDateTime(u.closed_until)}: nothing new starts.
        </Note>
      )}
      <dl className="mt-4 grid grid-cols-2 gap-3 sm:grid-cols-5">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-muted">{name}</dt>
            <dd className="mt-0.5 text-base font-medium tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <Notes stats={u} />
    </>
  )
}

function Note({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <p className="mt-2 flex items-center gap-1.5 font-medium text-approval">
      {icon}
      {children}
    </p>
  )
}

/** What stands beside the limit: rehearsals, and tokens that have no price. */
function Notes({ stats: u }: { stats: Stats }) {
  const notes = [
    ...u.provider_windows.map(
      (w) =>
        `${w.runner} was told that its window ${w.window.replaceAll('_', ' ')} is ${usedText(w.percentage_used)} used${
          w.resets_at ? `, until ${fmtDateTime(w.resets_at)}` : ''
        }.`,
    ),
    u.rehearsal_tokens > 0 &&
      `${fmtInt(u.rehearsal_tokens)} tokens were rehearsed; they cost nothing and do not count${
        u.rehearsal_remaining == null ? '' : ` (${fmtInt(u.rehearsal_remaining)} left of their own limit)`
      }.`,
    u.unpriced_models.length > 0 && `Without a price: ${u.unpriced_models.join(', ')}.`,
  ].filter(Boolean)
  if (notes.length === 0) return null
  return <p className="mt-3 text-xs text-muted [overflow-wrap:anywhere]">{notes.join(' ')}</p>
}
