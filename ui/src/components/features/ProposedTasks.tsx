import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ListChecks } from 'lucide-react'
import { useMemo, useState } from 'react'
import { button } from '@/components/ui/button'
import { Failed } from '@/components/ui/states'
import { failed, said } from '@/components/ui/Toast'
import { cards } from '@/lib/api/board'
import * as q from '@/lib/api/queries/features'
import { board } from '@/lib/api/queries/tasks'
import { DraftRow } from './DraftRow'
import { batchOf, type Fields, ofProposal, ofSpec } from './proposed'
import { tasksOfSpec } from './specTasks'

/** Tasks before they exist: chosen by tick, editable, made in one transaction that answers with the count. */
export function ProposedTasks({ feature: f, project }: { feature: q.Feature; project: string }) {
  const proposals = useQuery(q.proposals(project, f.id))
  const existing = useInfiniteQuery(board(project, f.id))
  const { decide, create } = q.useSpec(project, f.id)
  const navigate = useNavigate()
  const [fromSpec, setFromSpec] = useState(false)
  const [without, setWithout] = useState<ReadonlySet<string>>(new Set())
  const [edits, setEdits] = useState<ReadonlyMap<string, Fields>>(new Map())

  const drafts = useMemo(() => {
    const proposed = proposals.data?.map(ofProposal) ?? []
    const names = (['pending', 'in_progress', 'done'] as const).flatMap((column) =>
      cards(existing.data, column).map((card) => card.name),
    )
    const found = ofSpec(tasksOfSpec(f.spec ?? ''), [...names, ...proposed.map((d) => d.name)])
    return { found, all: fromSpec ? [...proposed, ...found] : proposed }
  }, [proposals.data, existing.data, f.spec, fromSpec])
  const list = drafts.all.map((d) => ({ ...d, ...edits.get(d.key) }))
  const chosen = list.filter((d) => !without.has(d.key) && d.name.trim())
  const left = list.filter((d) => without.has(d.key)).flatMap((d) => d.proposal ?? [])
  const busy = decide.isPending || create.isPending
  const asProposed = chosen.every((d) => d.proposal !== undefined && !edits.has(d.key))

  const done = (count: number) => {
    said(`${count} ${count === 1 ? 'task' : 'tasks'} created.`)
    setFromSpec(false)
    setEdits(new Map())
    void navigate({ to: '/p/$project/features/$feature', params: { project, feature: f.id } })
  }
  const onError = (e: Error) => failed(e, 'No task was created')
  const make = () => {
    const ids = chosen.flatMap((d) => d.proposal ?? [])
    if (asProposed) return decide.mutate({ accept: ids }, { onSuccess: (m) => done(m.tasks.length), onError })
    create.mutate(batchOf(chosen), {
      onSuccess: ({ tasks }) => {
        // Their edited twins exist now: the proposals themselves are not needed any more.
        if (ids.length > 0) decide.mutate({ decline: ids })
        done(tasks.length)
      },
      onError,
    })
  }
  const tick = (key: string, on: boolean) => {
    const next = new Set(without)
    on ? next.delete(key) : next.add(key)
    setWithout(next)
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col rounded-xl border border-line bg-surface">
      <div className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-4">
        <h2 className="mr-auto font-semibold">
          Proposed tasks{' '}
          {list.length > 0 && <span className="font-normal text-muted tabular-nums">{list.length}</span>}
        </h2>
        {!fromSpec && drafts.found.length > 0 && (
          <button type="button" className={button.ghost} onClick={() => setFromSpec(true)}>
            <ListChecks size={14} aria-hidden />
            Take {drafts.found.length} from the spec
          </button>
        )}
      </div>
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto">
        {proposals.error && !proposals.data ? (
          <div className="p-4">
            <Failed error={proposals.error} />
          </div>
        ) : proposals.isPending ? (
          <div role="status" aria-label="Loading proposed tasks" className="space-y-2 p-4">
            <div className="skeleton h-9" />
            <div className="skeleton h-9" />
          </div>
        ) : list.length === 0 ? (
          <p className="p-4 text-muted">
            {f.task_count > 0
              ? `Nothing is proposed now. The board has ${f.task_count} ${f.task_count === 1 ? 'task' : 'tasks'}.`
              : 'Nothing is proposed yet. An agent proposes tasks with its spec; or write an acceptance list into the spec and take the tasks from it.'}
          </p>
        ) : (
          <ul className="divide-y divide-line">
            {list.map((d) => (
              <DraftRow
                key={d.key}
                draft={d}
                ticked={!without.has(d.key)}
                onTick={(on) => tick(d.key, on)}
                onEdit={(fields) => setEdits(new Map(edits).set(d.key, fields))}
              />
            ))}
          </ul>
        )}
      </div>
      {list.length > 0 && (
        <div className="flex shrink-0 flex-wrap justify-end gap-2 border-t border-line p-3">
          {left.length > 0 && (
            <button
              type="button"
              className={button.ghost}
              disabled={busy}
              onClick={() =>
                decide.mutate(
                  { decline: left },
                  { onSuccess: () => said('Turned down.'), onError: (e) => failed(e, 'Nothing was changed') },
                )
              }
            >
              Turn down {left.length} unticked
            </button>
          )}
          <button
            type="button"
            className={button.primary}
            disabled={busy || chosen.length === 0}
            onClick={make}
          >
            Create {chosen.length} {chosen.length === 1 ? 'task' : 'tasks'}
          </button>
        </div>
      )}
    </div>
  )
}
