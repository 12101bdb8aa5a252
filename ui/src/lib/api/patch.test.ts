// @vitest-environment happy-dom
import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type BoardData, type Card, cards, columnNames, counts } from './board'
import { patcher } from './patch'
import { projectKeys } from './queries/projects'
import { taskKeys } from './queries/tasks'
import type { Event } from './stale'

const TASKS = 40
let queries: QueryClient
const key = taskKeys.board('shop', 3, '')

const card = (id: number): Card => ({
  id,
  feature_id: 3,
  name: `t${id}`,
  category: 'api',
  priority: 500,
  status: 'pending',
  passes: false,
  in_progress: false,
  is_blocked: false,
  estimated_complexity: 1,
  steps_count: 1,
})
const event = (id: number, kind: Event['kind'], task: number): Event => ({
  id,
  project_id: 1,
  at: '2026-11-20T09:00:00Z',
  actor: 'agent:coder-1',
  kind,
  subject: `task:${task}`,
  payload: { feature_id: 3, name: `t${task}` },
})

beforeEach(() => {
  vi.useFakeTimers()
  queries = new QueryClient()
  queries.setQueryData(projectKeys.all, [{ id: 1, name: 'shop' }])
  const pending = Array.from({ length: TASKS }, (_, i) => card(i + 1))
  const page = {
    pending,
    in_progress: [],
    done: [],
    counts: { pending: TASKS, in_progress: 0, done: 0 },
    cursors: {},
  }
  queries.setQueryData<BoardData>(key, { pages: [page], pageParams: [null] })
})
afterEach(() => vi.useRealTimers())

const board = () => queries.getQueryData<BoardData>(key)
const shown = () => columnNames.flatMap((column) => cards(board(), column).map(({ id }) => id))

/** A small repeatable source of chance. */
const chance = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return seed / 2 ** 31
}

test('any order of events keeps every task on the board, once', () => {
  const kinds: Event['kind'][] = [
    'task.claimed',
    'task.passed',
    'task.released',
    'task.lapsed',
    'task.failed',
    'task.blocked',
    'task.needs_input',
    'task.answered',
    'task.reopened',
    'task.skipped',
    'task.updated',
  ]
  for (let seed = 1; seed <= 50; seed++) {
    const random = chance(seed)
    const cache = patcher(queries)
    for (let id = 1; id <= 60; id++) {
      const kind = kinds[Math.floor(random() * kinds.length)] ?? 'task.updated'
      cache.take(event(id, kind, 1 + Math.floor(random() * TASKS)))
      if (random() < 0.2) vi.advanceTimersByTime(20)
    }
    vi.advanceTimersByTime(20)
    cache.stop()
    expect(shown().toSorted((a, b) => a - b)).toEqual(Array.from({ length: TASKS }, (_, i) => i + 1))
    const { pending, in_progress, done } = counts(board())
    expect(pending + in_progress + done).toBe(TASKS)
    for (const column of columnNames) expect(cards(board(), column).length).toBe(counts(board())[column])
  }
})

test('a burst is read again once', () => {
  const read = vi.spyOn(queries, 'invalidateQueries')
  const cache = patcher(queries)
  for (let id = 1; id <= 100; id++) cache.take(event(id, 'task.needs_input', 1 + (id % TASKS)))
  vi.advanceTimersByTime(10_000)
  const inbox = read.mock.calls.filter(([filter]) => filter?.queryKey?.[0] === 'inbox')
  expect(inbox.length).toBe(1)
  cache.stop()
})

test('what happens in a project that is not known here makes the list be read', () => {
  const read = vi.spyOn(queries, 'invalidateQueries')
  const cache = patcher(queries)
  cache.take({ ...event(1, 'task.claimed', 1), project_id: 99 })
  vi.advanceTimersByTime(2_000)
  expect(read.mock.calls.map(([filter]) => filter?.queryKey)).toContainEqual(['projects'])
  cache.stop()
})
