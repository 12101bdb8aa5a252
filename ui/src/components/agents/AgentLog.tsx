import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft, ScrollText } from 'lucide-react'
import { Empty, Failed } from '@/components/ui/states'
import { useTitle } from '@/components/ui/useTitle'
import * as q from '@/lib/api/queries/agents'
import { fmtDateTime } from '@/lib/format'
import { AgentState } from './AgentState'
import { AgentTask } from './AgentTask'
import { LogView } from './LogView'
import { outcome } from './words'

const route = getRouteApi('/p/$project/agents/$agent')

/** One agent's log: of its newest run, or of the one in the address. */
export function AgentLog() {
  const { project, agent } = route.useParams()
  const { run: wanted } = route.useSearch()
  const navigate = route.useNavigate()
  useTitle(agent, project)
  const list = useQuery(q.agents(project))
  const runs = useInfiniteQuery(q.agentRuns(project, agent))
  const known = runs.data?.pages.flatMap((p) => p.items) ?? []
  const one = list.data?.find((a) => a.id === agent)
  const inList = wanted === undefined ? known.find((r) => r.has_log) : known.find((r) => r.id === wanted)
  const elsewhere = useQuery({
    ...q.run(project, wanted ?? 0),
    enabled: wanted !== undefined && runs.isSuccess && !inList,
  })
  const run = inList ?? elsewhere.data
  const error = runs.error ?? elsewhere.error
  const choose = (value: string) =>
    value === 'more'
      ? void runs.fetchNextPage()
      : void navigate({ search: value === '' ? {} : { run: Number(value) }, replace: true })
  return (
    <div className="flex h-full min-h-0 flex-col p-4 sm:px-6">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0">
          <Link
            to="/p/$project/agents"
            params={{ project }}
            className="inline-flex items-center gap-1 text-muted hover:text-fg"
          >
            <ArrowLeft size={14} aria-hidden />
            Agents
          </Link>
          <h1 className="flex items-center gap-2 text-xl font-semibold tracking-tight">
            <span className="truncate">{agent}</span>
            {one && <AgentState value={one.status} />}
          </h1>
        </div>
        <select
          aria-label="Run"
          value={wanted ?? ''}
          onChange={(e) => choose(e.target.value)}
          className="h-8 max-w-full rounded-md border border-line-strong bg-surface px-2 sm:ml-auto pointer-coarse:h-11"
        >
          <option value="">Newest run</option>
          {wanted !== undefined && !inList && <option value={wanted}>Run {wanted}</option>}
          {known.map((r) => (
            <option key={r.id} value={r.id} disabled={!r.has_log}>
              {`Run ${r.id} · ${r.task_id == null ? r.kind : `task ${r.task_id}`} · ${fmtDateTime(r.started_at)} · ${outcome(r)}`}
            </option>
          ))}
          {runs.hasNextPage && <option value="more">Older runs…</option>}
        </select>
      </header>
      {run && (
        <div className="mt-1 flex flex-wrap items-baseline gap-x-3 text-muted">
          <AgentTask
            project={project}
            task={run.task_id}
            feature={run.feature_id}
            idle={`A ${run.kind} run`}
          />
          <span className="text-xs">
            {outcome(run)}
            {run.detail && `: ${run.detail}`}
          </span>
        </div>
      )}
      <div className="mt-3 min-h-0 flex-1">
        {run?.has_log ? (
          <LogView key={run.id} run={run} label={`Log of ${agent}, run ${run.id}`} />
        ) : error ? (
          <Failed error={error} />
        ) : runs.isPending || elsewhere.isLoading ? (
          <div className="skeleton h-full rounded-xl" />
        ) : (
          <Empty icon={<ScrollText size={22} aria-hidden />} title="No log yet">
            <p>{agent} writes one with its first run.</p>
          </Empty>
        )}
      </div>
    </div>
  )
}
