import { expect, test } from 'vitest'
import { batchOf, type Draft, ofSpec } from './proposed'
import { tasksOfSpec } from './specTasks'

const draft = (name: string, more: Partial<Draft> = {}): Draft => ({
  key: name,
  name,
  description: '',
  category: 'functional',
  estimated_complexity: 2,
  steps: [],
  priority: 500,
  depends_on: [],
  ...more,
})

test('proposals become one batch: dependencies on each other are places, on tasks ids', () => {
  const batch = batchOf([
    draft('a', { proposal: 70 }),
    draft(' b ', { proposal: 71, depends_on: [{ proposal: 70 }, { task: 12 }] }),
    draft('c', { depends_on: [{ proposal: 99 }] }),
  ])
  expect(batch.map((t) => t.depends_on)).toEqual([[], [0, 12], []])
  expect(batch[1]).toMatchObject({ name: 'b', estimated_complexity: 2 })
  expect(batch[0]).not.toHaveProperty('key')
})

test('what exists already or stands twice in the spec is not proposed again', () => {
  const spec = '## Accepted when\n- Sign in\n- sign in\n- Sign out\n- Reset'
  expect(ofSpec(tasksOfSpec(spec), ['SIGN OUT ']).map((d) => d.name)).toEqual(['Sign in', 'Reset'])
})
