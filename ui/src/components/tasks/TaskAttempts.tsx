import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck, CircleX, SquareTerminal } from 'lucide-react'
import type { Schemas } from '@/lib/api/client'
import * as q from '@/lib/api/queries/tasks'
import { fmtCompact, fmtDateTime, fmtDuration } from '@/lib/format'

type Run = Schemas['RunView']
type Evidence = Schemas['EvidenceView']

const sum = (t: Run['tokens']) => t.input + t.output

/** Every try of the task: who, how long, how it ended, what it took, and what verification said. */
export function TaskAttempts({ project, task: t }: { project: string; task: q.Task }) {
  const runs = useQuery({ ...q.runs(project), enabled: t.attempt > 0 })
  const own = runs.data?.items.filter((r) => r.task_id === t.id && r.kind === 'code') ?? []
  if (t.attempt === 0) return null
  const tokens = own.reduce((n, r) => n + sum(r.tokens), 0)
  const tried = new Set(own.map((r) => r.attempt))
  const loose = t.evidence.filter((e) => !tried.has(e.attempt))
  return (
    <section>
      <h3 className="flex items-baseline gap-2 font-semibold">
        Attempts
        {tokens > 0 && (
          <span className="text-xs font-normal text-muted tabular-nums">
            {fmtCompact(tokens)} tokens{own.some((r) => r.rehearsal) && ', rehearsed'}
          </span>
        )}
      </h3>
      {runs.isPending ? (
        <div className="mt-1.5 skeleton h-12" />
      ) : (
        <ol className="mt-1.5 space-y-2">
          {own.map((run) => (
            <li key={run.id} className="rounded-lg border border-line p-2.5">
              <RunLine run={run} project={project} />
              {t.evidence
                .filter((e) => e.attempt === run.attempt)
                .map((e) => (
                  <Proof key={`${e.command}${e.at}`} evidence={e} />
                ))}
            </li>
          ))}
          {loose.map((e) => (
            <li key={`${e.command}${e.at}`} className="rounded-lg border border-line p-2.5">
              <p className="text-xs text-muted">Attempt {e.attempt}</p>
              <Proof evidence={e} />
            </li>
          ))}
          {own.length === 0 && loose.length === 0 && (
            <li className="text-muted">{t.attempt} claimed so far, with no run recorded here.</li>
          )}
        </ol>
      )}
    </section>
  )
}

function RunLine({ run, project }: { run: Run; project: string }) {
  const good = run.outcome === 'completed'
  const end = run.ended_at ? new Date(run.ended_at) : new Date()
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="text-muted tabular-nums">#{run.attempt}</span>
        <span className={good ? 'text-done' : run.outcome ? 'text-failed' : 'text-running'}>
          {run.outcome?.replaceAll('_', ' ') ?? 'working'}
        </span>
        <span className="text-muted">{run.agent_id}</span>
        <span className="ml-auto text-xs text-muted tabular-nums">
          {fmtDateTime(run.started_at)} · {fmtDuration(end.getTime() - new Date(run.started_at).getTime())} ·{' '}
          {fmtCompact(sum(run.tokens))} tokens
        </span>
      </p>
      {run.detail && <p className="mt-0.5 text-muted [overflow-wrap:anywhere]">{run.detail}</p>}
      {run.has_log && (
        <Link
          to="/p/$project/agents/$agent"
          params={{ project, agent: run.agent_id }}
          search={{ run: run.id }}
          className="mt-1 inline-flex items-center gap-1 text-accent-text underline"
        >
          <SquareTerminal size={13} aria-hidden />
          Log of this run
        </Link>
      )}
    </>
  )
}

export function Proof({ evidence: e }: { evidence: Evidence }) {
  const good = e.exit_code === 0
  const Icon = good ? CircleCheck : CircleX
  return (
    <details className="mt-1.5 rounded-md bg-sunken px-2 py-1.5">
      <summary className="cursor-pointer [overflow-wrap:anywhere]">
        <Icon
          size={13}
          aria-hidden
          className={`mr-1 inline -translate-y-px ${good ? 'text-done' : 'text-failed'}`}
        />
        <code className="font-mono text-xs">{e.command}</code>
        <span className="ml-1.5 text-xs text-muted">
          {good ? 'passed' : e.exit_code == null ? 'ended without an exit code' : `exit code ${e.exit_code}`}
        </span>
      </summary>
      {e.commit && <p className="mt-1 font-mono text-2xs text-muted">{e.commit.slice(0, 12)}</p>}
      {e.output_end && (
        <pre
          tabIndex={0}
          className="mt-1 max-h-48 overflow-auto font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {e.output_end}
        </pre>
      )}
    </details>
  )
}
