import type { Schemas } from './api/client'
import { tokensOf } from './limitDraft'

type Budget = Schemas['BudgetView']

/** A budget as it stands in the form. */
export type BudgetDraft = {
  scope: Schemas['BudgetScopeKind']
  project: string
  subject: string
  measure: Schemas['BudgetMeasure']
  amount: string
  period: Schemas['Period']['kind']
  weekday: Schemas['Weekday']
  reset_day: string
  hours: string
  time_zone: string
  mode: Schemas['BudgetMode']
}

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const

export function budgetDraft(b: Budget | undefined, zone: string): BudgetDraft {
  const p = b?.period
  return {
    scope: b?.scope ?? 'global',
    project: b?.project_name ?? '',
    subject: b?.subject ?? '',
    measure: b?.measure ?? 'tokens',
    amount: b ? String(b.measure === 'cost_nusd' ? b.amount / 1e9 : b.amount) : '',
    period: p?.kind ?? 'monthly',
    weekday: p?.kind === 'weekly' ? p.weekday : 'monday',
    reset_day: p?.kind === 'monthly' ? String(p.reset_day) : '1',
    hours: p?.kind === 'rolling' ? String(p.hours) : '5',
    time_zone: p && 'time_zone' in p ? p.time_zone : zone,
    mode: b?.mode ?? 'enforce',
  }
}

/** The period of the draft, as the server takes it. */
export function periodOf(d: BudgetDraft): Schemas['Period'] {
  switch (d.period) {
    case 'monthly':
      return { kind: 'monthly', reset_day: Number(d.reset_day), time_zone: d.time_zone }
    case 'weekly':
      return { kind: 'weekly', weekday: d.weekday, time_zone: d.time_zone }
    case 'daily':
      return { kind: 'daily', time_zone: d.time_zone }
    case 'rolling':
      return { kind: 'rolling', hours: Number(d.hours) }
    case 'lifetime':
      return { kind: 'lifetime' }
  }
}

/** Tokens, or nano-USD of an amount like `20` or `$12.50`; NaN when it is neither. */
export function amountOf(d: BudgetDraft): number {
  if (d.measure !== 'cost_nusd') return tokensOf(d.amount) ?? Number.NaN
  const plain = d.amount.replaceAll(/[\s,$]/g, '')
  return /^\d+(\.\d+)?$/.test(plain) ? Math.round(Number(plain) * 1e9) : Number.NaN
}
