import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Failed } from '@/components/ui/states'
import * as q from '@/lib/api/queries/usage'
import { fmtDateTime, fmtDay } from '@/lib/format'
import { daysText } from '@/lib/usage'
import { ForecastPhases } from './ForecastPhases'

type Props = { project: string | undefined; projects: string[]; loading: boolean }

const MOST = 8
/** What the budget will finish of each plan, and when. */
export function UsageForecast({ project, projects, loading }: Props) {
  const names = project === undefined ? projects.slice(0, MOST) : [project]
  const found = useQueries({ queries: names.map((name) => q.forecast(name)) })
  const known = found.flatMap(({ data }) => data ?? [])
  const shown = known.filter((f) => project !== undefined || f.tasks_open > 0)
  const idle = known.filter((f) => !shown.includes(f)).map((f) => f.project_name)
  const failed = found.find((f) => f.error && !f.data)
  return (
    <>
      <h2 className="font-semibold">Forecast</h2>
      {failed?.error && (
        <div className="mt-2">
          <Failed error={failed.error} />
        </div>
      )}
      {(loading || found.some((f) => f.isPending)) && <div className="mt-2 skeleton h-10" />}
      {!loading && names.length === 0 && (
        <p className="mt-1 text-muted">No project has used tokens in this period yet.</p>
      )}
      <ul className="mt-2 space-y-3">
        {shown.map((data) => (
          <One key={data.project_name} forecast={data} alone={project !== undefined} />
        ))}
      </ul>
      {idle.length > 0 && <p className="mt-2 text-xs text-muted">Without open tasks: {idle.join(', ')}.</p>}
      {project === undefined && projects.length > MOST && (
        <p className="mt-2 text-xs text-muted">{projects.length - MOST} more: choose a project above.</p>
      )}
    </>
  )
}

function One({ forecast: f, alone }: { forecast: q.Forecast; alone: boolean }) {
  const summary = f.plan?.summary
  return (
    <li>
      {!alone && (
        <p className="text-xs text-muted">
          <Link to="/usage" search={{ project: f.project_name }} className="hover:underline">
            {f.project_name}
          </Link>
        </p>
      )}
      <p className={alone ? 'text-lg font-medium' : 'font-medium'}>
        {summary
          ? summary[0]?.toUpperCase() + summary.slice(1)
          : f.tasks_open === 0
            ? 'No task is open'
            : 'No plan to play yet'}
        {f.plan?.range && <span className="font-normal text-muted"> ({f.plan.range})</span>}
      </p>
      <p className="text-muted">
        {f.tasks_open > 0 &&
          (f.done_at
            ? `${open(f.tasks_open)}; at ${Math.round(f.tasks_per_day * 10) / 10} a day the last one passes on ${fmtDay(f.done_at)}. `
            : `${open(f.tasks_open)}; none was finished lately. `)}
        {limitText(f)}{' '}
        {f.confidence !== 'none' && <span className="text-xs">({f.confidence} confidence)</span>}
      </p>
      {alone && f.plan && <ForecastPhases simulation={f.plan.simulation} />}
      {alone && <p className="mt-2 text-xs text-subtle">Calculated {fmtDateTime(f.as_of)}.</p>}
    </li>
  )
}

const open = (n: number) => (n === 1 ? 'One task is open' : `${n} tasks are open`)

function limitText(f: q.Forecast): string {
  if (f.limit == null) return 'There is no limit.'
  if (f.confidence === 'none') return 'There is no complete day of use yet.'
  if (f.days_until_limit == null) return 'The limit is not in sight.'
  if (f.will_exceed === 'no')
    return `The limit holds${f.resets_at ? ` until it resets on ${fmtDay(f.resets_at)}` : ''}.`
  const range =
    f.days_until_limit_earliest == null
      ? ''
      : `, ${Math.round(f.days_until_limit_earliest)} to ${
          f.days_until_limit_latest == null ? 'any number of' : Math.round(f.days_until_limit_latest)
        } days`
  return `${f.will_exceed === 'maybe' ? 'The limit may be' : 'The limit is'} reached ${daysText(f.days_until_limit)}${range}.`
}
