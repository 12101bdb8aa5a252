import { expect, test } from 'vitest'
import type { Phase } from '@/lib/api/queries/phases'
import { facts } from './facts'
import { orderBehind } from './position'

const phase = (id: number, order: number): Phase => ({
  id,
  order,
  status: 'pending',
  project_name: 'p',
  key: '',
  name: `phase ${id}`,
  description: '',
  created_at: '2026-11-20T09:00:00Z',
  started_at: '2026-11-20T09:00:00Z',
  feature_count: 1,
  features_completed: 1,
  task_count: 2,
  tasks_completed: 2,
  version: 1,
})

test.each([
  ['in front of all', [phase(1, 3)], -1, 2],
  ['between, with room', [phase(1, 1), phase(2, 5)], 1, 2],
  ['between, without room: of equal orders the older goes first', [phase(1, 1), phase(2, 2)], 1, 1],
  ['at the end', [phase(1, 1)], 1, undefined],
] as const)('the order of a new phase %s', (_, list, id, order) => {
  expect(orderBehind(list, id)).toBe(order)
})

test('a review is counted from its tasks', () => {
  const proof = (exit_code: number, at: string) => ({
    attempt: 1,
    command: 'npm test',
    output_end: '',
    exit_code,
    at,
  })
  const task = (id: number, failures: number, evidence?: ReturnType<typeof proof>) => ({
    id,
    feature_id: 1,
    name: `t${id}`,
    category: 'api',
    priority: 500,
    status: 'passing' as const,
    passes: true,
    in_progress: false,
    is_blocked: false,
    estimated_complexity: 1,
    steps_count: 0,
    failures,
    skip_count: 1,
    evidence,
  })
  const feature = {
    id: 1,
    phase_id: 1,
    priority: 500,
    status: 'completed' as const,
    project_name: 'p',
    key: '',
    name: 'f',
    description: '',
    created_at: '2026-11-20T09:00:00Z',
    completed_at: '2026-11-20T10:30:00Z',
    task_count: 3,
    tasks_completed: 3,
    tasks_in_progress: 0,
    version: 1,
  }
  const tasks = [
    task(1, 0, proof(0, '2026-11-20T10:00:00Z')),
    task(2, 2, proof(1, '2026-11-20T10:20:00Z')),
    task(3, 0),
  ]
  expect(
    facts({ phase: phase(1, 1), features: [{ feature, tasks }], more_tasks: false, notes: [], prompts: [] }),
  ).toMatchObject({
    verified: 1,
    failing: 1,
    unverified: 1,
    failures: 2,
    skips: 3,
    lastVerified: '2026-11-20T10:20:00Z',
    tookMs: 90 * 60_000,
  })
})
