import { expect, test } from 'vitest'
import type { Schemas } from './api/client'
import { banner } from './usageBanner'
import { settings } from './usageSettings.fixture'

const used = (...percent: number[]) =>
  ({
    projects: percent.map((percentage_used, i) => ({
      project_name: `p${i}`,
      percentage_used,
      remaining: 200_000,
      total_tokens: 1,
      share_percentage: 1,
    })),
    budgets: [],
    reset_date: '2026-12-01T00:00:00Z',
  }) as unknown as Schemas['UsageStats']

test('nothing is said while enough is left', () => expect(banner(used(79, 10), settings)).toBeUndefined())

test('the most urgent one speaks, with what it changes and when it ends', () => {
  expect(banner(used(81, 96), settings)).toEqual({
    key: 'p1|pause|2026-12-01T00:00:00Z',
    red: true,
    text: 'p1: 96% used, 200K tokens left, resets Dec 1. Agents pause after the task at hand.',
    project: 'p1',
  })
})

test('each threshold has a key of its own, so that putting one away does not hide the next', () => {
  expect(banner(used(81), settings)?.key).not.toBe(banner(used(91), settings)?.key)
})
