import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { input, Labelled } from '@/components/ui/Labelled'
import { failed, said } from '@/components/ui/Toast'
import { fieldErrors } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/usage'
import { amountOf, type BudgetDraft, budgetDraft, periodOf, weekdays } from '@/lib/budgetDraft'
import { budgetMeasureNames, budgetName } from '@/lib/usage'
import { BudgetScope } from './BudgetScope'

type Props = { budget: q.Budget | undefined; zone: string; onClose: () => void }

const periods = {
  monthly: 'Every month',
  weekly: 'Every week',
  daily: 'Every day',
  rolling: 'The last hours',
  lifetime: 'Once, without a reset',
}

/** Makes a budget, or changes one; whose it is cannot change afterwards. */
export function BudgetDialog({ budget, zone, onClose }: Props) {
  const [d, setDraft] = useState(() => budgetDraft(budget, zone))
  const create = q.useCreateBudget()
  const edit = q.useEditBudget()
  const busy = create.isPending || edit.isPending
  const errors = fieldErrors(create.error ?? edit.error)
  const amount = amountOf(d)
  const complete = amount > 0 && (d.scope === 'global' || (d.project && (d.scope === 'project' || d.subject)))
  const set = (part: Partial<BudgetDraft>) => setDraft({ ...d, ...part })
  const send = () => {
    if (!complete || busy) return
    const told = {
      onSuccess: () => {
        said(budget ? 'Budget changed.' : 'Budget added. It holds at once.')
        onClose()
      },
      onError: (e: Error) => fieldErrors(e).size === 0 && failed(e, 'The budget was not saved'),
    }
    const body = { amount, measure: d.measure, mode: d.mode, period: periodOf(d) }
    if (budget) edit.mutate({ budget, body }, told)
    else {
      const whose = {
        scope: d.scope,
        ...(d.scope !== 'global' && { project: d.project }),
        ...(d.scope !== 'global' && d.scope !== 'project' && { subject: d.subject }),
      }
      create.mutate({ ...body, ...whose }, told)
    }
  }
  return (
    <Dialog title={budget ? `Budget of ${budgetName(budget)}` : 'Add a budget'} onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={(e) => {
          e.preventDefault()
          send()
        }}
      >
        {!budget && <BudgetScope draft={d} errors={errors} onChange={set} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <Labelled
            label={d.measure === 'cost_nusd' ? 'Amount in USD' : 'Tokens'}
            hint={
              d.measure === 'cost_nusd' ? 'Such as 20 or 12.50, by list prices.' : 'Such as 200,000 or 5M.'
            }
            error={errors.get('amount')}
          >
            {(aria) => (
              <input
                {...aria}
                className={input}
                inputMode="decimal"
                value={d.amount}
                onChange={(e) => set({ amount: e.target.value })}
              />
            )}
          </Labelled>
          <Labelled label="What counts" error={errors.get('measure')}>
            {(aria) => (
              <select
                {...aria}
                className={input}
                value={d.measure}
                onChange={(e) => set({ measure: e.target.value as BudgetDraft['measure'] })}
              >
                {Object.entries(budgetMeasureNames).map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
          <Labelled label="Period" error={errors.get('period')}>
            {(aria) => (
              <select
                {...aria}
                className={input}
                value={d.period}
                onChange={(e) => set({ period: e.target.value as BudgetDraft['period'] })}
              >
                {Object.entries(periods).map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
          {d.period === 'weekly' && (
            <Labelled label="Begins on">
              {(aria) => (
                <select
                  {...aria}
                  className={input}
                  value={d.weekday}
                  onChange={(e) => set({ weekday: e.target.value as BudgetDraft['weekday'] })}
                >
                  {weekdays.map((day) => (
                    <option key={day} value={day}>
                      {day[0]?.toUpperCase() + day.slice(1)}
                    </option>
                  ))}
                </select>
              )}
            </Labelled>
          )}
          {d.period === 'monthly' && (
            <Labelled label="Reset day">
              {(aria) => (
                <input
                  {...aria}
                  className={input}
                  type="number"
                  min={1}
                  max={31}
                  value={d.reset_day}
                  onChange={(e) => set({ reset_day: e.target.value })}
                />
              )}
            </Labelled>
          )}
          {d.period === 'rolling' && (
            <Labelled label="How many hours">
              {(aria) => (
                <input
                  {...aria}
                  className={input}
                  type="number"
                  min={1}
                  value={d.hours}
                  onChange={(e) => set({ hours: e.target.value })}
                />
              )}
            </Labelled>
          )}
        </div>
        <fieldset>
          <legend className="font-medium">At its end</legend>
          {(
            [
              ['enforce', 'Stop new work; what is at hand may finish'],
              ['warn', 'Only warn'],
            ] as const
          ).map(([value, name]) => (
            <label key={value} className="mt-1 flex items-center gap-2 min-h-6 pointer-coarse:min-h-11">
              <input
                type="radio"
                name="mode"
                className="accent-accent"
                checked={d.mode === value}
                disabled={value === 'enforce' && d.scope === 'feature'}
                onChange={() => set({ mode: value })}
              />
              {name}
            </label>
          ))}
        </fieldset>
        <div className="flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={!complete || busy}>
            {budget ? 'Save budget' : 'Add budget'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
