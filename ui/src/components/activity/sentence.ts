import type { Schemas } from '@/lib/api/client'

type Event = Schemas['Event']
type Kind = Schemas['EventKind']

export type About = 'phases' | 'tasks' | 'agents' | 'settings'

/** What happened, as the end of a sentence that begins with who did it. */
const happened: Record<Kind, string> = {
  'project.created': 'made the project',
  'project.updated': 'changed the project',
  'project.paused': 'paused the project',
  'project.resumed': 'resumed the project',
  'project.archived': 'archived the project',
  'project.completed': 'completed the project',
  'project.reopened': 'reopened the project',
  'project.deleted': 'deleted the project',
  'crew.started': 'began to drive the agents',
  'crew.stopped': 'stopped driving the agents',
  'plan.imported': 'imported a plan',
  'phase.created': 'added the phase',
  'phase.updated': 'changed the phase',
  'phase.started': 'started the phase',
  'phase.awaiting_approval': 'asked for approval of the phase',
  'phase.completed': 'approved the phase',
  'phase.rejected': 'sent back the phase',
  'phase.reopened': 'reopened the phase',
  'phase.deleted': 'deleted the phase',
  'feature.created': 'added the feature',
  'feature.updated': 'changed the feature',
  'feature.assigned': 'assigned the feature',
  'feature.ready': 'made ready the feature',
  'feature.started': 'began the feature',
  'feature.completed': 'completed the feature',
  'feature.reopened': 'reopened the feature',
  'feature.emptied': 'emptied the feature',
  'feature.deleted': 'deleted the feature',
  'task.created': 'added the task',
  'task.updated': 'changed the task',
  'task.claimed': 'took the task',
  'task.passed': 'passed the task',
  'task.released': 'handed back the task',
  'task.lapsed': 'lost the task',
  'task.failed': 'failed the task',
  'task.blocked': 'blocked the task',
  'task.skipped': 'skipped the task',
  'task.needs_input': 'asked about the task',
  'task.answered': 'answered about the task',
  'task.reopened': 'reopened the task',
  'task.verified': 'checked tasks again',
  'task.deleted': 'deleted the task',
  'agent.registered': 'added the agent',
  'agent.updated': 'changed the agent',
  'agent.crashed': 'lost the agent',
  'agent.deleted': 'deleted the agent',
  'spec.requested': 'asked for a spec of the feature',
  'spec.started': 'began a turn on the spec of the feature',
  'spec.ended': 'ended a turn on the spec of the feature',
  'spec.stopped': 'stopped the spec of the feature',
  'spec.message': 'wrote about the spec of the feature',
  'tasks.proposed': 'proposed tasks for the feature',
  'proposals.decided': 'decided on proposed tasks of the feature',
  'note.added': 'wrote a note in the phase',
  'usage.warning': 'warned of usage',
  'usage.paused': 'paused work because of usage',
  'usage.settings': 'changed the usage settings',
  'budget.created': 'added a budget',
  'budget.updated': 'changed a budget',
  'budget.deleted': 'deleted a budget',
  'schedule.created': 'added a schedule',
  'schedule.updated': 'changed a schedule',
  'schedule.deleted': 'deleted a schedule',
  'webhook.created': 'added a webhook',
  'webhook.updated': 'changed a webhook',
  'webhook.deleted': 'deleted a webhook',
  'token.created': 'made a token',
  'token.revoked': 'took back a token',
}

/** What an agent's new state is called when it did not change by an edit. */
const states: Record<string, string> = {
  working: 'is working',
  waiting: 'waits',
  paused: 'is paused',
  stopped: 'is stopped',
  idle: 'is idle',
}

export type Sentence = { who: string; what: string; name: string; more: string | undefined }

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

/** An event in words. Its payload belongs to the server: only what is there is said. */
export function sentence({ kind, actor, subject, payload }: Event): Sentence {
  const facts = (payload ?? {}) as Record<string, unknown>
  const [, id = ''] = subject.split(/:(.*)/s)
  const who = actor === 'system' ? 'Autocoder' : actor.replace(/^(person|agent):/, '')
  const state = kind === 'agent.updated' ? states[text(facts.status) ?? ''] : undefined
  if (state) return { who: id, what: state, name: '', more: undefined }
  const name =
    text(facts.name) ??
    (subject.startsWith('agent:') ? id : /^(task|feature|phase):/.test(subject) ? `#${id}` : '')
  const numbers = [
    Array.isArray(facts.task_ids) && `${facts.task_ids.length} tasks`,
    typeof facts.proposals === 'number' && `${facts.proposals} tasks`,
    typeof facts.accepted === 'number' && `${facts.accepted} accepted`,
    typeof facts.declined === 'number' && `${facts.declined} declined`,
    typeof facts.tasks === 'number' && `${facts.tasks} tasks`,
  ].filter(Boolean)
  const more =
    text(facts.note) ?? text(facts.reason) ?? text(facts.question) ?? (numbers.join(', ') || undefined)
  return { who, what: happened[kind] ?? kind, name, more: more?.replaceAll('_', ' ') }
}

/** The part of the timeline that an event belongs to. */
export function about({ kind }: Event): About {
  const [area] = kind.split('.')
  if (area === 'phase' || area === 'plan' || area === 'note') return 'phases'
  if (area === 'task' || area === 'feature' || area === 'spec' || area === 'tasks' || area === 'proposals')
    return 'tasks'
  return area === 'agent' || area === 'crew' ? 'agents' : 'settings'
}

export type Tone = 'done' | 'failed' | 'approval' | 'running' | 'plain'

const tones: [RegExp, Tone][] = [
  [/\.(passed|completed|answered|ready)$/, 'done'],
  [/\.(failed|blocked|crashed|rejected|lapsed|deleted|paused)$/, 'failed'],
  [/\.(awaiting_approval|needs_input|warning|proposed)$/, 'approval'],
  [/\.(claimed|started|resumed)$/, 'running'],
]
export const tone = ({ kind }: Event): Tone => tones.find(([pattern]) => pattern.test(kind))?.[1] ?? 'plain'
