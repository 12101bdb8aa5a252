import { describe, expect, test } from 'vitest'
import { draftOf, preview, settingsOf, tokensOf } from './limitDraft'
import { settings as defaults } from './usageSettings.fixture'

test.each([
  ['', null],
  ['1,000,000', 1_000_000],
  ['1.5M', 1_500_000],
  ['200 k', 200_000],
  ['-3', Number.NaN],
  ['ten', Number.NaN],
])('%j tokens are %d', (text, expected) => expect(tokensOf(text)).toEqual(expected))

test('a draft says what it was made of', () => {
  const { settings, errors } = settingsOf(
    draftOf({ ...defaults, monthly_limit: null, low_at_percentage: 0.075 }),
  )
  expect(errors.size).toBe(0)
  expect(settings).toMatchObject({
    monthly_limit: null,
    low_at_percentage: 0.075,
    reset_day: 1,
    time_zone: 'UTC',
  })
})

test('what is wrong is named by its field', () => {
  const draft = {
    ...draftOf(defaults),
    monthly_limit: 'x',
    reset_day: '32',
    warn_at_percentage: '101',
    pause_at_percentage: '',
  }
  expect([...settingsOf(draft).errors.keys()].sort()).toEqual([
    'monthly_limit',
    'pause_at_percentage',
    'reset_day',
    'warn_at_percentage',
  ])
})

describe('the preview', () => {
  const s = settingsOf(draftOf({ ...defaults, monthly_limit: 1000 })).settings
  test.each([
    [100, 'work goes on as planned'],
    [750, 'features that are begun would be finished first'],
    [900, 'only small tasks would start. A warning shows'],
    [950, 'no new task would start. A warning shows'],
  ])('of %d used', (used, words) => expect(preview('shop', used, s)).toContain(words))
  test('of no limit and of a limit of 0', () => {
    expect(preview('shop', 5, { ...s, monthly_limit: null })).toContain('no limit')
    expect(preview('shop', 0, { ...s, monthly_limit: 0 })).toContain('all used')
  })
})
