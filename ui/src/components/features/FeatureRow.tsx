import { Link } from '@tanstack/react-router'
import { Bot } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { Progress, Status } from '@/components/ui/Status'
import type { Feature } from '@/lib/api/queries/features'
import { fmtCompact, fmtInt } from '@/lib/format'
import { FeatureMenu } from './FeatureMenu'
import { specState } from './specState'

type Props = {
  feature: Feature
  project: string
  tokens: number
  /** Not there at the edge of the list. */
  up: (() => void) | undefined
  down: (() => void) | undefined
  /** Another feature was dragged here. */
  drop: (id: number) => void
}

const KIND = 'application/x-autocoder-feature'

export function FeatureRow({ feature: f, project, tokens, up, down, drop }: Props) {
  const params = { project, feature: f.id }
  const onKeyDown = (e: KeyboardEvent) => {
    const move = e.altKey && { ArrowUp: up, ArrowDown: down }[e.key]
    const step = !e.altKey && { ArrowUp: -1, k: -1, ArrowDown: 1, j: 1 }[e.key]
    if (move) move()
    else if (step) focusRow(e.currentTarget, step)
    else return
    e.preventDefault()
  }
  return (
    <li
      draggable
      onDragStart={(e) => {
        e.dataTransfer.setData(KIND, String(f.id))
        e.dataTransfer.effectAllowed = 'move'
      }}
      onDragOver={(e) => e.dataTransfer.types.includes(KIND) && e.preventDefault()}
      onDrop={(e) => {
        const id = Number(e.dataTransfer.getData(KIND))
        if (id && id !== f.id) drop(id)
      }}
      className="flex items-center gap-2 py-2 pr-2 pl-4"
    >
      <div className="grid min-w-0 flex-1 grid-cols-2 items-center gap-x-4 gap-y-1.5 sm:grid-cols-[minmax(0,1fr)_132px_132px_112px_92px]">
        <div className="min-w-0 max-sm:col-span-2">
          <Link
            to="/p/$project/features/$feature"
            params={params}
            data-feature={f.id}
            aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
            onKeyDown={onKeyDown}
            className="block truncate py-0.5 font-medium hover:underline"
          >
            {f.name}
          </Link>
          {f.description && <p className="truncate text-xs text-muted">{f.description}</p>}
        </div>
        <div>
          <Status value={f.status} />
        </div>
        <Link
          to="/p/$project/features/$feature/spec"
          params={params}
          className="truncate text-muted hover:text-fg hover:underline"
        >
          Spec: {specState(f)}
        </Link>
        <div className="text-xs text-muted">
          <div className="mb-1 flex justify-between gap-2 tabular-nums">
            <span>
              {fmtInt(f.tasks_completed)}/{fmtInt(f.task_count)} tasks
            </span>
            {f.agent_id && (
              <span className="inline-flex min-w-0 items-center gap-1 text-running">
                <Bot size={12} className="shrink-0" aria-hidden />
                <span className="truncate">{f.agent_id}</span>
              </span>
            )}
          </div>
          <Progress value={f.tasks_completed} max={f.task_count} label={`${f.name} tasks`} />
        </div>
        <span className="text-xs whitespace-nowrap text-muted tabular-nums sm:text-right">
          {tokens > 0 ? `${fmtCompact(tokens)} tokens` : ''}
        </span>
      </div>
      <FeatureMenu feature={f} project={project} up={up} down={down} />
    </li>
  )
}

function focusRow(from: EventTarget, step: number) {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-feature]')]
  rows[rows.indexOf(from as HTMLElement) + step]?.focus()
}
