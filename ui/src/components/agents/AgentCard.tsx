import { Link } from '@tanstack/react-router'
import Anser from 'anser'
import { SquareTerminal } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Agent } from '@/lib/api/queries/agents'
import { fmtCompact, fmtDuration } from '@/lib/format'
import { entry } from '@/lib/log/entry'
import { AgentControls } from './AgentControls'
import { AgentState } from './AgentState'
import { AgentTask } from './AgentTask'
import { roleNames, runnerNames } from './words'

/** One agent at a glance: state, task, minutes, rate and the last thing it said. */
export function AgentCard({ agent: a, project }: { agent: Agent; project: string }) {
  return (
    <article
      aria-labelledby={`agent-${a.id}`}
      className="flex h-full flex-col rounded-xl border border-line bg-surface p-4"
    >
      <header className="flex items-center gap-2">
        <h2 id={`agent-${a.id}`} className="min-w-0 flex-1 truncate text-base font-semibold">
          <Link
            to="/p/$project/agents/$agent"
            params={{ project, agent: a.id }}
            className="hover:underline"
            title={a.id}
          >
            {a.id}
          </Link>
        </h2>
        <AgentState value={a.status} />
      </header>
      <p className="mt-0.5 truncate text-xs text-muted">
        {roleNames[a.role]} · {runnerNames[a.runner]}
        {a.model && ` · ${a.model}`}
      </p>
      <div className="mt-3 min-h-9">
        <AgentTask project={project} task={a.task_id} name={a.task_name} idle={idle(a)} />
        {a.detail && a.detail !== a.last_line && (
          <p className="line-clamp-2 text-muted [overflow-wrap:anywhere]">{a.detail}</p>
        )}
      </div>
      <dl className="mt-3 grid grid-cols-3 gap-2 tabular-nums">
        <Fact name="On it for">
          {a.minutes == null ? '–' : a.minutes === 0 ? '< 1 min' : fmtDuration(a.minutes * 60_000)}
        </Fact>
        <Fact name="Tokens/min">{a.tokens_per_minute == null ? '–' : fmtCompact(a.tokens_per_minute)}</Fact>
        <Fact name="Tokens">{a.tokens == null ? '–' : fmtCompact(a.tokens)}</Fact>
      </dl>
      <Link
        to="/p/$project/agents/$agent"
        params={{ project, agent: a.id }}
        className="mt-3 flex h-8 items-center gap-2 rounded-md bg-sunken px-2 text-muted hover:text-fg pointer-coarse:h-11"
      >
        <SquareTerminal size={14} aria-hidden className="shrink-0" />
        <span className="min-w-0 flex-1 truncate font-mono text-xs">
          {a.last_line ? lineText(a.last_line) : 'Open the log'}
        </span>
        <span className="sr-only">, the log of {a.id}</span>
      </Link>
      <footer className="mt-auto pt-3">
        <AgentControls agent={a} project={project} />
      </footer>
    </article>
  )
}

/** As a person reads it, without a terminal's colours. */
const lineText = (line: string) => Anser.ansiToText(entry(line).text)

const idle = (a: Agent) =>
  a.run_id != null
    ? 'At work without a task'
    : a.wanted === 'running'
      ? 'Waits for a task'
      : 'No task at hand'

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  )
}
