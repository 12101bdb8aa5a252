import { expect, test } from 'vitest'
import { type Feature, movedFeature } from './features'
import { edited, moved, type Phase } from './phases'

const phase = (id: number, order: number, status: Phase['status'] = 'pending'): Phase => ({
  id,
  order,
  status,
  project_name: 'p',
  key: '',
  name: `phase ${id}`,
  description: '',
  created_at: '2026-11-20T09:00:00Z',
  feature_count: 0,
  features_completed: 0,
  task_count: 0,
  tasks_completed: 0,
  version: 1,
})

const feature = (id: number, priority: number): Feature => ({
  id,
  priority,
  phase_id: 1,
  status: 'ready',
  project_name: 'p',
  key: '',
  name: `feature ${id}`,
  description: '',
  created_at: '2026-11-20T09:00:00Z',
  task_count: 0,
  tasks_completed: 0,
  tasks_in_progress: 0,
  version: 1,
})

test.each([
  ['different orders are swapped', [phase(1, 1), phase(2, 5), phase(3, 9)], 2, 1, [1, 3, 2]],
  ['equal orders are spread', [phase(1, 4), phase(2, 4), phase(3, 4)], 3, -1, [1, 3, 2]],
  ['the first stays first', [phase(1, 1), phase(2, 2)], 1, -1, [1, 2]],
  ['a started phase keeps its place', [phase(1, 1, 'in_progress'), phase(2, 2)], 2, -1, [1, 2]],
] as const)('phases: %s', (_, list, id, step, after) => {
  expect(edited([...list], moved([...list], id, step)).map((p) => p.id)).toEqual(after)
})

test.each([
  ['up', [feature(1, 10), feature(2, 20), feature(3, 30)], 3, 0, [3, 1, 2]],
  ['down', [feature(1, 10), feature(2, 20), feature(3, 30)], 1, 2, [2, 3, 1]],
  ['among equal priorities', [feature(1, 500), feature(2, 500), feature(3, 500)], 3, 1, [1, 3, 2]],
  ['nowhere', [feature(1, 10), feature(2, 20)], 2, 2, [1, 2]],
] as const)('features: %s', (_, list, id, place, after) => {
  const priorities = new Map(movedFeature([...list], id, place).map((e) => [e.feature.id, e.body.priority]))
  const next = list.map((f) => ({ ...f, priority: priorities.get(f.id) ?? f.priority }))
  expect(next.sort((a, b) => a.priority - b.priority || a.id - b.id).map((f) => f.id)).toEqual(after)
})
