import type { InboxItem } from '@/lib/api/queries/inbox'
import type { Project } from '@/lib/api/queries/projects'

export type Place = { project: Project; needs: InboxItem[] }

const rank = ({ project, needs }: Place) =>
  project.status === 'archived' ? 3 : needs.length > 0 ? 0 : project.driven_by ? 1 : 2

/** What needs a person first, then what is worked on, then the newest; archived ones last. */
export function inOrder(projects: Project[], inbox: InboxItem[]): Place[] {
  const places = projects.map((project) => ({
    project,
    needs: inbox.filter((item) => item.project_name === project.name && project.status !== 'archived'),
  }))
  return places.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      b.project.created_at.localeCompare(a.project.created_at) ||
      b.project.id - a.project.id,
  )
}

/** "Phase 2 of 4". */
export const phaseText = ({ phase_count: all, phases_completed: done }: Project) =>
  all === 0
    ? 'No phases yet'
    : done === all
      ? `${all} ${all === 1 ? 'phase' : 'phases'} completed`
      : `Phase ${done + 1} of ${all}`

/** The pill of a card. */
export function statusOf({ project, needs }: Place) {
  if (needs.length > 0) return 'needs_you'
  if (project.status !== 'active') return project.status
  return project.driven_by ? 'in_progress' : project.tasks_completed > 0 ? 'idle' : 'pending'
}

/** What a card offers first: the seed's Start, Pause, Resume and View. */
export function offerOf({ status, driven_by }: Project): 'start' | 'pause' | 'resume' | 'view' {
  if (status === 'completed') return 'view'
  if (status !== 'active') return 'resume'
  return driven_by ? 'pause' : 'start'
}
