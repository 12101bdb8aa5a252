import type { Group, HistoryItem } from '@/lib/api/queries/usage'
import { cx, fmtCompact, fmtCost, fmtInt, fmtPct } from '@/lib/format'
import { hatched } from '@/lib/usage'
import { CsvButton } from './ChartFrame'
import { historyColumns, historyName, historyRow } from './history'

type Props = { title: string; group: Group; items: HistoryItem[]; most?: number }

/** One bar for each project, phase or model; rehearsals are hatched, since they cost nothing. */
export function UsageBy({ title, group, items, most = 10 }: Props) {
  const all = items.filter((i) => i.tokens + i.rehearsal_tokens > 0)
  const total = all.reduce((n, i) => n + i.tokens, 0)
  const widest = Math.max(1, ...all.map((i) => i.tokens + i.rehearsal_tokens))
  return (
    <>
      <div className="flex items-center justify-between">
        <h2 className="font-semibold">{title}</h2>
        {all.length > 0 && (
          <CsvButton
            file={title.toLowerCase().replaceAll(' ', '-')}
            columns={historyColumns(group)}
            rows={all.map((i) => historyRow(group, i))}
          />
        )}
      </div>
      {all.length === 0 && <p className="mt-2 text-muted">Nothing was used in this time.</p>}
      <ul className="mt-3 space-y-3">
        {all.slice(0, most).map((i) => (
          <li key={`${i.id ?? ''}${i.model ?? ''}${i.name ?? ''}`}>
            <div className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate" title={historyName(group, i)}>
                {historyName(group, i)}
              </span>
              <span className="shrink-0 text-muted tabular-nums">
                {fmtInt(i.tokens)}
                {total > 0 && ` (${fmtPct(i.tokens / total)})`}
                {i.cost_nusd > 0 && <span className="ml-2 max-sm:hidden">{fmtCost(i.cost_nusd)}</span>}
              </span>
            </div>
            <div className="mt-1 flex h-2 overflow-hidden rounded-full bg-sunken" aria-hidden>
              <div className="bar-fill bg-accent" style={{ width: `${(i.tokens / widest) * 100}%` }} />
              <div className={hatched} style={{ width: `${(i.rehearsal_tokens / widest) * 100}%` }} />
            </div>
            <p
              className={cx(
                'mt-0.5 text-xs text-muted',
                !i.rehearsal_tokens && !i.unpriced_tokens && 'sr-only',
              )}
            >
              {[
                i.rehearsal_tokens > 0 && `${fmtCompact(i.rehearsal_tokens)} rehearsed`,
                i.unpriced_tokens > 0 && `${fmtCompact(i.unpriced_tokens)} without a price`,
              ]
                .filter(Boolean)
                .join(', ')}
            </p>
          </li>
        ))}
      </ul>
      {all.length > most && (
        <p className="mt-3 text-xs text-muted">{all.length - most} more stand in the detailed report.</p>
      )}
    </>
  )
}
