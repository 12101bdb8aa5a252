import { useQuery } from '@tanstack/react-query'
import { Failed } from '@/components/ui/states'
import * as q from '@/lib/api/queries/usage'
import { counted } from '@/lib/usage'
import { BurnUpChart } from './BurnUpChart'

type Props = { stats: q.Stats; settings: q.Settings; project: string | undefined }

const DAY = 86_400_000
const dayOf = (ms: number, zone: string) => {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(ms)
  } catch {
    return new Date(ms).toISOString().slice(0, 10)
  }
}

/** The burn-up of the current period, from the days since it began. */
export function UsageBurnUp({ stats, settings, project }: Props) {
  const zone = settings.time_zone
  const start = stats.period_start ? Date.parse(stats.period_start) : undefined
  const end = stats.reset_date ? Date.parse(stats.reset_date) : undefined
  const days = start === undefined ? 30 : Math.min(366, Math.ceil((Date.now() - start) / DAY) + 1)
  const history = useQuery(q.usageHistory({ days, group_by: 'day', project }))
  if (start === undefined || end === undefined) return null
  if (!history.data)
    return history.error ? <Failed error={history.error} /> : <div className="skeleton h-[290px]" />
  const used = history.data.items.map((i) => ({ date: i.date ?? '', used: counted(i, stats.measure) }))
  const complete = used.slice(-15, -1)
  const average = complete.reduce((n, d) => n + d.used, 0) / Math.max(1, complete.length)
  return (
    <BurnUpChart
      history={used}
      first={dayOf(start, zone)}
      last={dayOf(end - 1, zone)}
      limit={stats.limit ?? undefined}
      pace={stats.measure === 'total_tokens' ? stats.average_daily_tokens : average}
    />
  )
}
