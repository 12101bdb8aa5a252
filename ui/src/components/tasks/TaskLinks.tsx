import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useDeferredValue, useId, useState } from 'react'
import { button } from '@/components/ui/button'
import { TaskState } from '@/components/ui/Status'
import { failed } from '@/components/ui/Toast'
import type { Schemas } from '@/lib/api/client'
import * as q from '@/lib/api/queries/tasks'

type Link = Schemas['TaskLink']
type Props = { project: string; task: q.Task; onOpen: (id: number) => void }

/** What the task waits for, and what waits for it. */
export function TaskLinks({ project, task: t, onOpen }: Props) {
  const { depend } = q.useTaskActions(project)
  const [adding, setAdding] = useState(false)
  const set = (depends_on: number[]) =>
    depend.mutate(
      { id: t.id, depends_on },
      { onSuccess: () => setAdding(false), onError: (e) => failed(e, 'The dependencies were not changed') },
    )
  const ids = t.depends_on.map((l) => l.id)
  return (
    <section className="space-y-3">
      <div>
        <h3 className="flex items-center justify-between font-semibold">
          Waits for
          <button
            type="button"
            aria-expanded={adding}
            className={`${button.ghost} px-2 font-normal`}
            onClick={() => setAdding(!adding)}
          >
            <Plus size={14} aria-hidden />
            Add
          </button>
        </h3>
        {t.depends_on.length === 0 && !adding && <p className="text-muted">Nothing: it can start at once.</p>}
        <List links={t.depends_on} onOpen={onOpen} onRemove={(id) => set(ids.filter((i) => i !== id))} />
        {adding && (
          <Picker
            project={project}
            without={[t.id, ...ids]}
            busy={depend.isPending}
            onPick={(id) => set([...ids, id])}
          />
        )}
      </div>
      {t.blocks.length > 0 && (
        <div>
          <h3 className="font-semibold">Waited for by</h3>
          <List links={t.blocks} onOpen={onOpen} />
        </div>
      )}
    </section>
  )
}

function List({
  links,
  onOpen,
  onRemove,
}: {
  links: Link[]
  onOpen: Props['onOpen']
  onRemove?: (id: number) => void
}) {
  return (
    <ul className="mt-1 space-y-0.5">
      {links.map((l) => (
        <li key={l.id} className="flex items-center gap-2">
          <TaskState value={l.status} bare />
          <button
            type="button"
            className="min-w-0 flex-1 truncate py-1 text-left hover:underline pointer-coarse:min-h-11"
            onClick={() => onOpen(l.id)}
          >
            <span className="text-muted tabular-nums">#{l.id}</span> {l.name}
          </button>
          {onRemove && (
            <button
              type="button"
              aria-label={`Do not wait for ${l.name}`}
              className="grid size-7 place-items-center rounded-md text-muted hover:bg-hover hover:text-fg pointer-coarse:size-11"
              onClick={() => onRemove(l.id)}
            >
              <X size={14} aria-hidden />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

type PickerProps = { project: string; without: number[]; busy: boolean; onPick: (id: number) => void }

function Picker({ project, without, busy, onPick }: PickerProps) {
  const [text, setText] = useState('')
  const words = useDeferredValue(text.trim())
  const id = useId()
  const found = useQuery(q.findTasks(project, words))
  const hits = found.data?.filter((hit) => !without.includes(hit.id)) ?? []
  return (
    <div className="mt-1.5">
      <label htmlFor={id} className="sr-only">
        Find the task to wait for
      </label>
      <input
        id={id}
        autoComplete="off"
        placeholder="Find a task by its name"
        value={text}
        onChange={(e) => setText(e.target.value)}
        className="h-8 w-full rounded-md border border-line-strong bg-surface px-2 pointer-coarse:h-11"
      />
      <ul className="mt-1 rounded-md" aria-label="Found tasks">
        {hits.map((hit) => (
          <li key={hit.id}>
            <button
              type="button"
              disabled={busy}
              className="w-full truncate rounded-md px-2 py-1 text-left hover:bg-hover pointer-coarse:min-h-11"
              onClick={() => onPick(hit.id)}
            >
              <span className="text-muted tabular-nums">#{hit.id}</span> {hit.name}
            </button>
          </li>
        ))}
      </ul>
      {words.length > 1 && found.data && hits.length === 0 && (
        <p className="px-2 text-muted">No other task has this in its name.</p>
      )}
    </div>
  )
}
