import { expect, test } from 'vitest'
import type { InboxItem } from '@/lib/api/queries/inbox'
import type { Project } from '@/lib/api/queries/projects'
import { inOrder, offerOf, phaseText, statusOf } from './order'

const project = (name: string, more: Partial<Project> = {}) =>
  ({ id: 1, name, status: 'active', created_at: '2026-11-01T00:00:00Z', ...more }) as Project

test('what needs a person comes first, then what runs, then the newest, archived ones last', () => {
  const projects = [
    project('old'),
    project('shelf', { status: 'archived', created_at: '2026-11-09T00:00:00Z' }),
    project('new', { created_at: '2026-11-05T00:00:00Z' }),
    project('busy', { driven_by: 'serve:1' }),
    project('asks'),
  ]
  const order = inOrder(projects, [{ project_name: 'asks' } as InboxItem])
  expect(order.map((place) => place.project.name)).toEqual(['asks', 'busy', 'new', 'old', 'shelf'])
  expect(order[0]?.needs).toHaveLength(1)
})

test('a card says which phase is at hand', () => {
  const of = (phase_count: number, phases_completed: number) =>
    phaseText(project('p', { phase_count, phases_completed }))
  expect([of(0, 0), of(4, 0), of(4, 1), of(4, 4), of(1, 1)]).toEqual([
    'No phases yet',
    'Phase 1 of 4',
    'Phase 2 of 4',
    '4 phases completed',
    '1 phase completed',
  ])
})

test('a card says how the project is and offers what can be done', () => {
  const needs = [{ project_name: 'p' } as InboxItem]
  const cases: [Partial<Project>, InboxItem[], string, string][] = [
    [{ tasks_completed: 0 }, [], 'pending', 'start'],
    [{ tasks_completed: 3 }, [], 'idle', 'start'],
    [{ driven_by: 'serve:1' }, [], 'in_progress', 'pause'],
    [{ driven_by: 'serve:1' }, needs, 'needs_you', 'pause'],
    [{ status: 'paused' }, [], 'paused', 'resume'],
    [{ status: 'archived' }, [], 'archived', 'resume'],
    [{ status: 'completed' }, [], 'completed', 'view'],
  ]
  for (const [more, waiting, status, offer] of cases) {
    const place = { project: project('p', more), needs: waiting }
    expect([statusOf(place), offerOf(place.project)]).toEqual([status, offer])
  }
})

test('an archived project asks for nothing', () => {
  const [place] = inOrder([project('p', { status: 'archived' })], [{ project_name: 'p' } as InboxItem])
  expect(place?.needs).toEqual([])
})
