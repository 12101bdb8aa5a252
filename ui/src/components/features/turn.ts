import type { Schemas } from '@/lib/api/client'
import type { Feature, SpecMessage } from '@/lib/api/queries/features'

/** Whose turn it is in the conversation about a spec. */
export type Turn =
  | { is: 'writing'; run: number; agent: string }
  | { is: 'waiting' } // asked for, or answered: for a spec writer
  | { is: 'yours' } // the agent has spoken
  | { is: 'over' } // nobody asked, or the tasks exist

export function turnOf(
  feature: Pick<Feature, 'id' | 'spec_requested_at' | 'status'>,
  messages: readonly Pick<SpecMessage, 'author'>[],
  runs: readonly Pick<Schemas['RunView'], 'id' | 'kind' | 'feature_id' | 'ended_at' | 'agent_id'>[],
): Turn {
  // A run that was stopped may take a moment to end.
  if (!feature.spec_requested_at && feature.status !== 'speccing') return { is: 'over' }
  const run = runs.find((r) => r.kind === 'spec' && r.feature_id === feature.id && !r.ended_at)
  if (run) return { is: 'writing', run: run.id, agent: run.agent_id }
  return messages.at(-1)?.author.startsWith('agent:') ? { is: 'yours' } : { is: 'waiting' }
}
