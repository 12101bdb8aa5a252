import { expect, test } from 'vitest'
import { type Event, staleBy } from './stale'

const event = (kind: Event['kind'], subject = 'task:7'): Event => ({
  id: 1,
  project_id: 1,
  at: '2026-11-20T09:00:00Z',
  actor: 'agent:coder-1',
  kind,
  subject,
  payload: {},
})
const keys = (kind: Event['kind'], subject?: string, project: string | undefined = 'shop') =>
  staleBy(event(kind, subject), project).map(({ key }) => key.join('/'))

test('an event names the views it makes out of date', () => {
  const cases: [Event['kind'], string, string[]][] = [
    ['phase.awaiting_approval', 'phase:2', ['projects', 'projects/shop/phases', 'inbox']],
    ['feature.created', 'feature:3', ['projects', 'projects/shop/phases', 'projects/shop/features']],
    ['task.needs_input', 'task:7', ['inbox', 'projects/shop/features']],
    ['task.passed', 'task:7', ['usage', 'projects/shop/agents', 'projects/shop/runs', 'projects']],
    ['spec.message', 'feature:3', ['projects/shop/features/3']],
    ['agent.crashed', 'agent:coder-1', ['projects/shop/agents']],
    ['schedule.updated', 'schedule:1', ['projects/shop/schedules']],
    ['webhook.created', 'webhook:1', ['webhooks']],
    ['token.revoked', 'token:1', ['tokens']],
    ['plan.imported', 'project:1', ['projects/shop', 'projects', 'inbox']],
  ]
  for (const [kind, subject, expected] of cases)
    expect(keys(kind, subject), kind).toEqual(expect.arrayContaining(expected))
})

test('boards are patched, not read again', () => {
  const kinds: Event['kind'][] = ['task.claimed', 'task.passed', 'task.updated', 'feature.updated']
  for (const kind of kinds) expect(keys(kind).some((key) => /\/board|^projects\/shop$/.test(key))).toBe(false)
})

test('the list of projects is read alone, without what lies below it', () => {
  const [list] = staleBy(event('task.passed'), 'shop').filter(
    ({ key }) => key.length === 1 && key[0] === 'projects',
  )
  expect(list?.exact).toBe(true)
})

test('of a project that is not known here only what is common is out of date', () => {
  expect(staleBy(event('task.passed'), undefined).map(({ key }) => key.join('/'))).toEqual([
    'projects',
    'usage',
  ])
})
