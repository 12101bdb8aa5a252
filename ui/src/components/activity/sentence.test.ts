import { expect, test } from 'vitest'
import type { Schemas } from '@/lib/api/client'
import { rowsOf } from './rows'
import { about, sentence, tone } from './sentence'

const event = (kind: Schemas['EventKind'], subject: string, payload: object, actor = 'person:ann') =>
  ({
    id: 1,
    project_id: 1,
    at: '2026-11-23T10:00:00Z',
    kind,
    subject,
    payload,
    actor,
  }) as unknown as Schemas['Event']

test.each([
  [
    event('phase.rejected', 'phase:3', { name: 'Core', note: 'jumps on reload' }),
    'ann',
    'sent back the phase',
    'Core',
    'jumps on reload',
  ],
  [
    event('task.failed', 'task:7', { name: 'Login', reason: 'tests_fail' }, 'agent:coder-1'),
    'coder-1',
    'failed the task',
    'Login',
    'tests fail',
  ],
  [event('task.passed', 'task:7', {}, 'agent:a:b'), 'a:b', 'passed the task', '#7', undefined],
  [
    event('agent.updated', 'agent:coder-1', { status: 'stopped' }, 'system'),
    'coder-1',
    'is stopped',
    '',
    undefined,
  ],
  [
    event('proposals.decided', 'feature:4', { accepted: 5, declined: 1 }),
    'ann',
    'decided on proposed tasks of the feature',
    '#4',
    '5 accepted, 1 declined',
  ],
  [
    event('crew.stopped', 'project:1', { reason: 'phase_awaiting_approval' }, 'system'),
    'Autocoder',
    'stopped driving the agents',
    '',
    'phase awaiting approval',
  ],
  [
    event('usage.settings', 'project:1', null as unknown as object),
    'ann',
    'changed the usage settings',
    '',
    undefined,
  ],
])('%o', (one, who, what, name, more) => expect(sentence(one)).toEqual({ who, what, name, more }))

test('every event has its part of the timeline and its tone', () => {
  expect([
    about(event('task.passed', '', {})),
    about(event('plan.imported', '', {})),
    about(event('crew.started', '', {})),
    about(event('budget.created', '', {})),
  ]).toEqual(['tasks', 'phases', 'agents', 'settings'])
  expect([tone(event('task.passed', '', {})), tone(event('token.created', '', {}))]).toEqual([
    'done',
    'plain',
  ])
})

test('rows are days and their events, the newest first; a filter leaves no empty day', () => {
  const at = (day: string, kind: Schemas['EventKind']) => ({
    ...event(kind, '', {}),
    at: `2026-11-${day}T12:00:00`,
  })
  const events = [at('23', 'task.passed'), at('23', 'crew.started'), at('22', 'crew.stopped')]
  const shape = (rows: ReturnType<typeof rowsOf>) =>
    rows.map((row) => ('day' in row ? 'day' : row.event.kind))
  expect(shape(rowsOf(events, undefined))).toEqual([
    'day',
    'task.passed',
    'crew.started',
    'day',
    'crew.stopped',
  ])
  expect(shape(rowsOf(events, 'tasks'))).toEqual(['day', 'task.passed'])
})
