import { useQuery } from '@tanstack/react-query'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Confirm } from '@/components/ui/Confirm'
import { Menu } from '@/components/ui/Menu'
import { Progress } from '@/components/ui/Status'
import { Failed } from '@/components/ui/states'
import { failed, said } from '@/components/ui/Toast'
import * as q from '@/lib/api/queries/usage'
import { fmtCost, fmtInt } from '@/lib/format'
import { budgetName, dayIn, periodName, usedText } from '@/lib/usage'
import { BudgetDialog } from './BudgetDialog'

/** Any number of budgets beside the monthly limit; the tightest decides. */
export function Budgets({ zone }: { zone: string }) {
  const budgets = useQuery(q.budgets())
  const remove = q.useDeleteBudget()
  const [open, setOpen] = useState<{ edit?: q.Budget } | undefined>()
  const [going, setGoing] = useState<q.Budget>()
  return (
    <>
      <div className="flex items-center justify-between gap-2">
        <h2 className="font-semibold">Budgets</h2>
        <button type="button" className={button.plain} onClick={() => setOpen({})}>
          <Plus size={15} aria-hidden />
          Add budget
        </button>
      </div>
      {budgets.error && !budgets.data ? (
        <div className="mt-3">
          <Failed error={budgets.error} />
        </div>
      ) : !budgets.data ? (
        <div className="mt-3 skeleton h-16" />
      ) : budgets.data.length === 0 ? (
        <p className="mt-2 text-muted">
          None yet. A budget limits all projects, one of them, a phase or an agent; the tightest decides.
        </p>
      ) : (
        <ul className="mt-2 divide-y divide-line">
          {budgets.data.map((b) => (
            <li key={b.id} className="flex items-center gap-3 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap justify-between gap-x-3">
                  <span className="font-medium [overflow-wrap:anywhere]">{budgetName(b)}</span>
                  <span className="text-muted tabular-nums">
                    {amount(b, b.used)} of {amount(b, b.amount)} {periodName(b.period)}
                  </span>
                </p>
                <div className="my-1.5">
                  <Progress
                    value={Math.min(100, b.percentage_used)}
                    max={100}
                    label={`Used of ${budgetName(b)}`}
                  />
                </div>
                <p className="text-xs text-muted">
                  {usedText(b.percentage_used)} used,{' '}
                  {b.mode === 'enforce' ? 'stops new work at its end' : 'only warns'}
                  {b.resets_at && `, resets ${dayIn(b.resets_at, zone)}`}
                </p>
              </div>
              <Menu
                label={`Actions for the budget of ${budgetName(b)}`}
                items={[
                  { label: 'Edit', icon: Pencil, run: () => setOpen({ edit: b }) },
                  { label: 'Delete', icon: Trash2, danger: true, run: () => setGoing(b) },
                ]}
              />
            </li>
          ))}
        </ul>
      )}
      {open && <BudgetDialog budget={open.edit} zone={zone} onClose={() => setOpen(undefined)} />}
      {going && (
        <Confirm
          title={`Delete the budget of ${budgetName(going)}?`}
          action="Delete budget"
          busy={remove.isPending}
          onClose={() => setGoing(undefined)}
          onConfirm={() =>
            remove.mutate(going, {
              onSuccess: () => {
                said('Budget deleted.')
                setGoing(undefined)
              },
              onError: (e) => failed(e, 'The budget was not deleted'),
            })
          }
        >
          What it stopped may go on. What was used stays counted.
        </Confirm>
      )}
    </>
  )
}

const amount = (b: q.Budget, n: number) => (b.measure === 'cost_nusd' ? fmtCost(n) : fmtInt(n))
