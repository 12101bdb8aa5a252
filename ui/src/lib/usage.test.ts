import { describe, expect, test } from 'vitest'
import type { Schemas } from './api/client'
import {
  alarm,
  budgetName,
  counted,
  dayIn,
  daysText,
  gauges,
  periodName,
  periodText,
  thresholds,
  tightest,
} from './usage'
import { settings } from './usageSettings.fixture'

const stats = (over: Partial<Schemas['UsageStats']>): Schemas['UsageStats'] => ({
  all_tokens: 0,
  average_daily_tokens: 0,
  band: 'normal',
  budgets: [],
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cost_nusd: 0,
  input_tokens: 0,
  measure: 'total_tokens',
  output_tokens: 0,
  projects: [],
  provider_windows: [],
  rehearsal_tokens: 0,
  today_tokens: 0,
  total_tokens: 0,
  track_by: 'project',
  unpriced_models: [],
  used: 0,
  warn: false,
  ...over,
})
const budget: Schemas['BudgetView'] = {
  amount: 100,
  created_at: '2026-11-01T00:00:00Z',
  id: 1,
  measure: 'tokens',
  mode: 'enforce',
  percentage_used: 95.5,
  period: { kind: 'rolling', hours: 5 },
  remaining: 4,
  scope: 'agent',
  subject: 'coder-1',
  project_name: 'shop',
  used: 95,
  version: 1,
}
const project = { project_name: 'shop', total_tokens: 1, share_percentage: 100 }

test('the tightest of limits, projects and budgets decides', () => {
  expect(tightest(stats({}))).toBeUndefined()
  const all = stats({
    percentage_used: 20,
    projects: [{ ...project, percentage_used: 81, remaining: 19 }],
    budgets: [budget],
  })
  expect(gauges(all).map((g) => [g.name, g.used])).toEqual([
    ['shop: agent coder-1', 95.5],
    ['shop', 81],
    ['All projects', 20],
  ])
})

describe('alarm', () => {
  const of = (used: number, enforced = true) => alarm({ name: '', used, enforced }, settings)
  test.each([
    [79.99, undefined],
    [80, 'warn'],
    [89.99, 'warn'],
    [90, 'low'],
    [94.99, 'low'],
    [95, 'pause'],
    [140, 'pause'],
  ])('%d %% used is %s', (used, expected) => expect(of(used)).toBe(expected))
  test('a budget that only warns never pauses', () => expect(of(100, false)).toBe('low'))
})

test('thresholds stand in the order in which they are passed', () => {
  expect(thresholds({ ...settings, warn_at_percentage: 0.5 }).map((t) => t.key)).toEqual([
    'warn',
    'moderate',
    'low',
    'pause',
  ])
})

test('a row counts by the measure of the limit', () => {
  const item: Schemas['UsageHistoryItem'] = {
    tokens: 10,
    input_tokens: 4,
    output_tokens: 6,
    cache_read_tokens: 100,
    cache_write_tokens: 20,
    cost_nusd: 30_000,
    rehearsal_tokens: 5,
    unpriced_tokens: 0,
  }
  expect(counted(item, 'total_tokens')).toBe(10)
  expect(counted(item, 'all_tokens')).toBe(130)
  expect(counted(item, 'weighted_tokens')).toBe(10)
})

test('words of budgets and periods', () => {
  expect(budgetName({ ...budget, scope: 'global', project_name: null, subject: null })).toBe('All projects')
  expect(periodName({ kind: 'weekly', weekday: 'monday', time_zone: 'UTC' })).toBe('a week from Monday')
  expect(periodName({ kind: 'monthly', reset_day: 15, time_zone: 'UTC' })).toBe('a month from day 15')
})

test('days are those of the time zone, and the end of a period is not its last day', () => {
  expect(dayIn('2026-11-30T23:30:00Z', 'Europe/Berlin')).toBe('Dec 1')
  expect(dayIn('2026-11-30T23:30:00Z', 'Nowhere/Land')).toBe('Nov 30')
  expect(periodText('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', 'UTC')).toBe('Nov 1 – Nov 30, 2026')
})

test.each([
  [0.4, 'within a day'],
  [1.4, 'in about a day'],
  [2.6, 'in about 3 days'],
  [900, 'in more than a year'],
])('%d days are %s', (days, text) => expect(daysText(days)).toBe(text))
