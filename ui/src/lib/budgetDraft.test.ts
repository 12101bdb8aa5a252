import { expect, test } from 'vitest'
import { amountOf, budgetDraft, periodOf } from './budgetDraft'

const empty = budgetDraft(undefined, 'Europe/Berlin')

test.each([
  ['tokens', '200k', 200_000],
  ['tokens', '', Number.NaN],
  ['cost_nusd', '$12.50', 12_500_000_000],
  ['cost_nusd', '12.5k', Number.NaN],
] as const)('%s %j is %d', (measure, amount, expected) =>
  expect(amountOf({ ...empty, measure, amount })).toBe(expected),
)

test('every kind of period has only its own parts', () => {
  expect(
    (['monthly', 'weekly', 'daily', 'rolling', 'lifetime'] as const).map((period) =>
      periodOf({ ...empty, period }),
    ),
  ).toEqual([
    { kind: 'monthly', reset_day: 1, time_zone: 'Europe/Berlin' },
    { kind: 'weekly', weekday: 'monday', time_zone: 'Europe/Berlin' },
    { kind: 'daily', time_zone: 'Europe/Berlin' },
    { kind: 'rolling', hours: 5 },
    { kind: 'lifetime' },
  ])
})
