import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Progress } from '@/components/ui/Status'
import type { Stats } from '@/lib/api/queries/usage'
import { fmtCost, fmtInt } from '@/lib/format'
import { budgetName, dayIn, periodName, usedText } from '@/lib/usage'

/** Each project's limit and each budget, with what is left of it. */
export function BudgetMeters({ stats, zone }: { stats: Stats; zone: string }) {
  const limited = stats.projects.filter((p) => p.limit != null)
  return (
    <>
      <h2 className="font-semibold">Limits and budgets</h2>
      <ul className="mt-3 grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {limited.map((p) => (
          <li key={p.project_name}>
            <Line
              name={
                <Link to="/usage" search={{ project: p.project_name }} className="hover:underline">
                  {p.project_name}
                </Link>
              }
              used={p.percentage_used ?? 0}
              rest={`${fmtInt(p.remaining ?? 0)} of ${fmtInt(p.limit ?? 0)} left this month`}
              label={`Limit of ${p.project_name}`}
            />
          </li>
        ))}
        {stats.budgets.map((b) => {
          const amount = (n: number) => (b.measure === 'cost_nusd' ? fmtCost(n) : fmtInt(n))
          return (
            <li key={b.id}>
              <Line
                name={`${budgetName(b)}, ${periodName(b.period)}${b.mode === 'warn' ? ' (warns only)' : ''}`}
                used={b.percentage_used}
                rest={`${amount(b.remaining)} of ${amount(b.amount)} left${
                  b.resets_at ? `, resets ${dayIn(b.resets_at, zone)}` : ''
                }`}
                label={`Budget: ${budgetName(b)}`}
              />
            </li>
          )
        })}
      </ul>
    </>
  )
}

type LineProps = { name: ReactNode; used: number; rest: string; label: string }

function Line({ name, used, rest, label }: LineProps) {
  return (
    <>
      <div className="flex justify-between gap-3">
        <span className="min-w-0 truncate">{name}</span>
        <span className="shrink-0 tabular-nums">{usedText(used)} used</span>
      </div>
      <div className="my-1">
        <Progress value={Math.min(used, 100)} max={100} label={label} />
      </div>
      <p className="text-xs text-muted tabular-nums">{rest}</p>
    </>
  )
}
