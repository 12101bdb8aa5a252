import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Play, SquareTerminal } from 'lucide-react'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { failed, said } from '@/components/ui/Toast'
import * as q from '@/lib/api/queries/features'
import { turnOf } from './turn'

type Props = { feature: q.Feature; project: string; messages: q.SpecMessage[] }

/** Whose turn it is, and what to do when it is nobody's. */
export function SpecTurn({ feature, project, messages }: Props) {
  const runs = useQuery({
    ...q.specRuns(project, feature.id),
    // The end of a run that was stopped or killed makes no event.
    refetchInterval: ({ state }) => (state.data?.some((run) => !run.ended_at) ? 5000 : false),
  })
  const turn = turnOf(feature, messages, runs.data ?? [])
  if (runs.isPending) return null
  const gap = messages.length > 0 ? 'mt-4' : ''
  if (turn.is === 'writing')
    return (
      <p role="status" className={`${gap} flex flex-wrap items-center gap-2 text-running`}>
        <span className="size-2 animate-pulse rounded-full bg-running" aria-hidden />
        {turn.agent} is writing.
        <Link
          to="/p/$project/agents/$agent"
          params={{ project, agent: turn.agent }}
          search={{ run: turn.run }}
          className="inline-flex items-center gap-1 text-accent-text underline"
        >
          <SquareTerminal size={13} aria-hidden />
          Its log
        </Link>
      </p>
    )
  if (turn.is === 'waiting') return <Waiting project={project} gap={gap} />
  if (turn.is === 'yours')
    return (
      <p role="status" className={`${gap} text-muted`}>
        Your turn: answer, or take the proposed tasks.
      </p>
    )
  return messages.length > 0 ? null : (
    <p className="text-muted">
      {feature.task_count > 0
        ? 'Nothing was said about this spec. Its tasks exist already.'
        : 'Nothing is said yet. Ask an agent for the spec, or write it yourself beside this: its acceptance list becomes the tasks.'}
    </p>
  )
}

/** No agent spends tokens unasked: a person starts the writer here. */
function Waiting({ project, gap }: { project: string; gap: string }) {
  const start = q.useStartWriter(project)
  const [runner, setRunner] = useState<'claude-code' | 'rehearsal'>('claude-code')
  return (
    <div role="status" className={`${gap} rounded-lg bg-sunken p-3`}>
      <p>Waiting for a spec writer. If none is running, start one, or write the spec yourself.</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <select
          aria-label="What drives it"
          value={runner}
          onChange={(e) => setRunner(e.target.value === 'rehearsal' ? 'rehearsal' : 'claude-code')}
          className="h-8 rounded-md border border-line-strong bg-surface px-2 pointer-coarse:h-11"
        >
          <option value="claude-code">Claude Code</option>
          <option value="rehearsal">Rehearsal, spends nothing</option>
        </select>
        <button
          type="button"
          className={button.plain}
          disabled={start.isPending}
          onClick={() =>
            start.mutate(runner, {
              onSuccess: (agent) => said(`${agent.id} is started and takes the spec.`),
              onError: (e) => failed(e, 'No spec writer was started'),
            })
          }
        >
          <Play size={14} aria-hidden />
          Start a spec writer
        </button>
      </div>
    </div>
  )
}
