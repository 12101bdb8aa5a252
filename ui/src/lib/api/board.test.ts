import { expect, test } from 'vitest'
import {
  addCard,
  type BoardData,
  type Card,
  cardChanges,
  cards,
  changeCards,
  continued,
  counts,
} from './board'
import type { Schemas } from './client'

const card = (id: number, status: Card['status'] = 'pending'): Card => ({
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
})

const board = (...list: Card[]): BoardData => {
  const of = (...s: Card['status'][]) => list.filter((c) => s.includes(c.status))
  const columns = {
    pending: of('pending', 'needs_input', 'blocked'),
    in_progress: of('in_progress'),
    done: of('passing'),
  }
  const { pending, in_progress, done } = columns
  const sizes = { pending: pending.length, in_progress: in_progress.length, done: done.length }
  return { pages: [{ ...columns, counts: sizes, cursors: {} }], pageParams: [null] }
}

const event = (kind: Schemas['EventKind'], id: number, payload: object = {}): Schemas['Event'] => ({
  id: 1,
  project_id: 1,
  at: '2026-11-20T09:00:00Z',
  actor: 'agent:coder-1',
  kind,
  subject: `task:${id}`,
  payload: { feature_id: 1, name: `t${id}`, ...payload },
})

const ids = (data: BoardData, column: 'pending' | 'in_progress' | 'done') =>
  cards(data, column).map((c) => c.id)

test('a batch moves cards once each and keeps the rest in order', () => {
  const before = board(card(1), card(2), card(3), card(4, 'in_progress'))
  const after = changeCards(
    before,
    cardChanges([
      event('task.claimed', 2, { agent_id: 'coder-1' }),
      event('task.passed', 4),
      event('task.needs_input', 3),
      event('task.deleted', 1),
    ]),
  )
  expect(ids(after, 'pending')).toEqual([3])
  expect(cards(after, 'pending')[0]?.status).toBe('needs_input')
  expect(cards(after, 'in_progress')).toMatchObject([{ id: 2, agent_id: 'coder-1', in_progress: true }])
  expect(cards(after, 'done')).toMatchObject([{ id: 4, agent_id: null, passes: true }])
  expect(counts(after)).toEqual({ pending: 1, in_progress: 1, done: 1 })
})

test('whatever the events, no task is lost, doubled or in a column of another status', () => {
  const kinds = ['claimed', 'passed', 'released', 'failed', 'blocked', 'needs_input', 'answered'] as const
  let state = 7
  const random = (below: number) => {
    state = (state * 48271) % 2147483647
    return state % below
  }
  for (let round = 0; round < 50; round++) {
    let data = board(...Array.from({ length: 20 }, (_, i) => card(i + 1)))
    for (let batch = 0; batch < 10; batch++) {
      const events = Array.from({ length: random(6) }, () =>
        event(`task.${kinds[random(kinds.length)] ?? 'claimed'}`, 1 + random(25)),
      )
      data = changeCards(data, cardChanges(events))
    }
    const all = [...ids(data, 'pending'), ...ids(data, 'in_progress'), ...ids(data, 'done')]
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(cards(data, 'done').every((c) => c.passes)).toBe(true)
    expect(counts(data).pending).toBe(cards(data, 'pending').length)
  }
})

test('of a later part only columns that go on are kept', () => {
  const page = { ...board(card(9), card(8, 'passing')).pages[0], cursors: { pending: '9', done: '8' } }
  const kept = continued(page as BoardData['pages'][0], { pending: '4', in_progress: null, done: null })
  expect(kept.pending.map((c) => c.id)).toEqual([9])
  expect(kept.done).toEqual([])
  expect(kept.cursors).toEqual({ pending: '9', in_progress: null, done: null })
})

test('a new card is added once', () => {
  const after = addCard(addCard(board(card(1)), card(2)), card(2))
  expect(ids(after, 'pending')).toEqual([1, 2])
  expect(counts(after).pending).toBe(2)
})
