import { expect, test } from 'vitest'
import type { Run } from '@/lib/api/queries/agents'
import { outcome } from './words'

test('an outcome is said in words', () => {
  expect(outcome({ ended_at: null } as Run)).toBe('going on')
  expect(outcome({ ended_at: '2026-11-23T10:00:00Z', outcome: 'limit_reached' } as Run)).toBe('limit reached')
})
