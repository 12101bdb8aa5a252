import { expect, test } from 'vitest'
import type { BoardData, Card } from '@/lib/api/board'
import { choices, columns } from './columns'

const card = (id: number, status: Card['status'], more: Partial<Card> = {}): Card => ({
  id,
  feature_id: 1,
  name: `t${id}`,
  category: 'api',
  priority: 500,
  status,
  passes: status === 'passing',
  in_progress: status === 'in_progress',
  is_blocked: false,
  estimated_complexity: 1,
  steps_count: 1,
  ...more,
})

const board = (pending: Card[], in_progress: Card[] = [], done: Card[] = [], more = 0): BoardData => ({
  pages: [
    {
      pending,
      in_progress,
      done,
      counts: { pending: pending.length + more, in_progress: in_progress.length, done: done.length },
      cursors: {},
    },
  ],
  pageParams: [null],
})

const none = new Set<number>()
const total = (c: ReturnType<typeof columns>) =>
  c.needs.total + c.pending.total + c.in_progress.total + c.done.total

test('cards that wait for a person stand apart, and the totals add up', () => {
  const asking = card(2, 'needs_input')
  const later = card(900, 'blocked')
  const shown = columns(
    board([card(1, 'pending'), asking], [card(3, 'in_progress')], [card(4, 'passing')], 100),
    [asking, later],
    {},
    none,
  )
  expect(shown.needs.tasks.map((t) => t.id)).toEqual([2, 900])
  expect(shown.pending).toMatchObject({ total: 100, tasks: [{ id: 1 }] })
  expect(total(shown)).toBe(104)
})

test('a card that moved on in the meantime leaves the list of those that wait', () => {
  const shown = columns(board([card(2, 'pending')]), [card(2, 'blocked')], {}, none)
  expect(shown.needs.tasks).toEqual([])
  expect(total(shown)).toBe(1)
})

test('a card on its way out is gone from list and total', () => {
  const shown = columns(board([card(1, 'pending'), card(2, 'pending')]), [], {}, new Set([1]))
  expect(shown.pending).toMatchObject({ total: 1, tasks: [{ id: 2 }] })
})

test('filters by category and agent count what they show', () => {
  const data = board(
    [card(1, 'pending', { category: 'ui' }), card(2, 'pending')],
    [card(3, 'in_progress', { agent_id: 'coder-1' })],
  )
  expect(columns(data, [], { category: 'ui' }, none)).toMatchObject({
    pending: { total: 1 },
    in_progress: { total: 0 },
  })
  expect(columns(data, [], { agent: 'coder-1' }, none).in_progress.tasks).toMatchObject([{ id: 3 }])
  expect(choices(data, 'category')).toEqual(['api', 'ui'])
  expect(choices(data, 'agent_id')).toEqual(['coder-1'])
})
