import { Link } from '@tanstack/react-router'
import { ChevronRight, CircleCheck, CircleX } from 'lucide-react'
import { useState } from 'react'
import { Status, TaskState } from '@/components/ui/Status'
import type { Schemas } from '@/lib/api/client'

type Review = Schemas['PhaseReview']
type Reviewed = Review['features'][number]
type Task = Reviewed['tasks'][number]
type Props = {
  review: Review
  project: string
  again: ReadonlySet<number>
  /** Left out: nothing can be sent back now. */
  tick?: (again: ReadonlySet<number>) => void
}

const notable = (t: Task) =>
  !t.passes || t.failures > 0 || t.skip_count > 0 || (t.evidence?.exit_code ?? 0) !== 0

/** Features with their tasks: what is worth a look is open at once, and each can be ticked to be done again. */
export function ReviewFeatures({ review, project, again, tick }: Props) {
  const [open, setOpen] = useState<ReadonlySet<number>>(
    () => new Set(review.features.filter((f) => f.tasks.some(notable)).map((f) => f.feature.id)),
  )
  const toggle = (set: ReadonlySet<number>, ids: number[], on: boolean) => {
    const next = new Set(set)
    for (const id of ids) on ? next.add(id) : next.delete(id)
    return next
  }
  return (
    <section>
      <h3 className="font-semibold">Features</h3>
      <ul className="mt-1.5 divide-y divide-line rounded-lg border border-line">
        {review.features.map(({ feature: f, tasks }) => {
          const ids = tasks.map((t) => t.id)
          const ticked = ids.filter((id) => again.has(id)).length
          const shown = open.has(f.id)
          return (
            <li key={f.id}>
              <div className="flex items-center gap-2 px-3 py-1.5">
                <button
                  type="button"
                  aria-expanded={shown}
                  onClick={() => setOpen(toggle(open, [f.id], !shown))}
                  className="flex min-w-0 flex-1 items-center gap-2 rounded-md py-0.5 text-left pointer-coarse:min-h-11"
                >
                  <ChevronRight
                    size={14}
                    aria-hidden
                    className={`shrink-0 text-muted transition-transform ${shown ? 'rotate-90' : ''}`}
                  />
                  <Status value={f.status} bare />
                  <span className="min-w-0 flex-1 truncate">{f.name}</span>
                  {ticked > 0 && <span className="text-xs text-approval">{ticked} to do again</span>}
                  <span className="text-muted tabular-nums">
                    {f.tasks_completed}/{f.task_count}
                  </span>
                </button>
              </div>
              {shown && (
                <ul className="space-y-0.5 pr-3 pb-2 pl-8">
                  {tasks.map((t) => (
                    <TaskRow
                      key={t.id}
                      task={t}
                      project={project}
                      ticked={again.has(t.id)}
                      tick={tick && ((on) => tick(toggle(again, [t.id], on)))}
                    />
                  ))}
                  {tasks.length < f.task_count && (
                    <li className="text-xs text-muted">
                      {f.task_count - tasks.length} more are on the feature’s board.
                    </li>
                  )}
                </ul>
              )}
            </li>
          )
        })}
      </ul>
      {review.more_tasks && <p className="mt-1 text-xs text-muted">Only the first 1,000 tasks are listed.</p>}
    </section>
  )
}

type RowProps = { task: Task; project: string; ticked: boolean; tick?: (on: boolean) => void }

function TaskRow({ task: t, project, ticked, tick }: RowProps) {
  const proof = t.evidence
  const Icon = proof?.exit_code === 0 ? CircleCheck : CircleX
  return (
    <li className="flex items-start gap-2 py-0.5">
      {tick && (
        <input
          type="checkbox"
          aria-label={`Do “${t.name}” again`}
          className="mt-0.5 accent-accent pointer-coarse:size-5"
          checked={ticked}
          onChange={(e) => tick(e.target.checked)}
        />
      )}
      <TaskState value={t.status} bare />
      <div className="min-w-0 flex-1">
        <Link
          to="/p/$project/features/$feature"
          params={{ project, feature: t.feature_id }}
          search={{ task: t.id }}
          className="hover:underline [overflow-wrap:anywhere]"
        >
          {t.name}
        </Link>
        {(t.failures > 0 || t.skip_count > 0) && (
          <p className="line-clamp-3 text-xs text-approval [overflow-wrap:anywhere]">
            {t.failures > 0 && `failed ${t.failures}× `}
            {t.skip_count > 0 && `skipped ${t.skip_count}× `}
            {t.blocked_reason}
          </p>
        )}
      </div>
      {proof && (
        <span
          className={`inline-flex shrink-0 items-center gap-1 text-xs ${proof.exit_code === 0 ? 'text-done' : 'text-failed'}`}
          title={proof.command}
        >
          <Icon size={12} aria-hidden />
          {proof.exit_code === 0 ? 'verified' : 'not verified'}
        </span>
      )}
    </li>
  )
}
