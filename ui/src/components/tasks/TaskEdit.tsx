import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import { button } from '@/components/ui/button'
import { failed, undoable } from '@/components/ui/Toast'
import { fieldErrors, isStale } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/tasks'
import { changes, type Draft, draftOf } from './draft'

type Props = { project: string; task: q.Task; onDone: () => void }

const control = 'w-full rounded-md border border-line-strong bg-surface px-2 aria-invalid:border-failed'

/** Edits against the version that was seen: what somebody else changed meanwhile is shown, never overwritten unasked. */
export function TaskEdit({ project, task, onDone }: Props) {
  const queries = useQueryClient()
  const [seen, setSeen] = useState(task)
  const [draft, setDraft] = useState(() => draftOf(task))
  const [theirs, setTheirs] = useState<q.Task>()
  const edit = q.useEditTask(project)
  const errors = fieldErrors(edit.error)
  const id = useId()
  const save = (over: q.Task) => {
    const body = changes(draftOf(over), draft)
    if (Object.keys(body).length === 0) return onDone()
    const before = changes(draft, draftOf(over))
    edit.mutate(
      { task: over, body },
      {
        onSuccess: (saved) => {
          undoable('Task saved', () =>
            edit.mutate({ task: saved, body: before }, { onError: (e) => failed(e, 'It stays as saved') }),
          )
          onDone()
        },
        onError: async (error) => {
          if (!isStale(error)) {
            if (fieldErrors(error).size === 0) failed(error, 'The task was not saved')
            return
          }
          setTheirs(await queries.fetchQuery({ ...q.task(project, task.id), staleTime: 0 }))
        },
      },
    )
  }
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const field = (name: keyof Draft) => ({
    id: `${id}-${name}`,
    'aria-invalid': errors.has(name),
    'aria-describedby': errors.has(name) ? `${id}-${name}-error` : undefined,
  })
  const problem = (name: keyof Draft) =>
    errors.has(name) && (
      <p id={`${id}-${name}-error`} role="alert" className="mt-1 text-failed">
        {errors.get(name)}
      </p>
    )
  return (
    <form
      className="space-y-4"
      onSubmit={(e) => {
        e.preventDefault()
        save(seen)
      }}
      onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && save(seen)}
    >
      {theirs && (
        <Conflict
          mine={draft}
          theirs={theirs}
          onTake={() => {
            setSeen(theirs)
            setDraft(draftOf(theirs))
            setTheirs(undefined)
          }}
          onKeep={() => {
            setSeen(theirs)
            setTheirs(undefined)
            save(theirs)
          }}
        />
      )}
      <Field label="Name" id={`${id}-name`}>
        <input
          {...field('name')}
          ref={(input) => {
            if (input && !input.dataset.met) input.focus()
            if (input) input.dataset.met = 'yes'
          }}
          value={draft.name}
          required
          maxLength={255}
          onChange={(e) => set({ name: e.target.value })}
          className={`${control} h-8 pointer-coarse:h-11`}
        />
        {problem('name')}
      </Field>
      <Field label="Description, in Markdown" id={`${id}-description`}>
        <textarea
          {...field('description')}
          rows={8}
          value={draft.description}
          onChange={(e) => set({ description: e.target.value })}
          className={`${control} py-2`}
        />
        {problem('description')}
      </Field>
      <Field label="Steps, one a line" id={`${id}-steps`}>
        <textarea
          {...field('steps')}
          rows={5}
          value={draft.steps}
          onChange={(e) => set({ steps: e.target.value })}
          className={`${control} py-2`}
        />
        {problem('steps')}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Category" id={`${id}-category`}>
          <input
            {...field('category')}
            value={draft.category}
            onChange={(e) => set({ category: e.target.value })}
            className={`${control} h-8 pointer-coarse:h-11`}
          />
          {problem('category')}
        </Field>
        <Field label="Complexity" id={`${id}-estimated_complexity`}>
          <select
            {...field('estimated_complexity')}
            value={draft.estimated_complexity}
            onChange={(e) => set({ estimated_complexity: Number(e.target.value) })}
            className={`${control} h-8 pointer-coarse:h-11`}
          >
            {[1, 2, 3, 4, 5].map((n) => (
              <option key={n} value={n}>
                {n} of 5
              </option>
            ))}
          </select>
        </Field>
      </div>
      <div className="flex justify-end gap-2">
        <button type="button" className={button.ghost} onClick={onDone}>
          Cancel
        </button>
        <button type="submit" className={button.primary} disabled={edit.isPending || !draft.name.trim()}>
          Save
        </button>
      </div>
    </form>
  )
}

function Field({ label, id, children }: { label: string; id: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs text-muted">
        {label}
      </label>
      {children}
    </div>
  )
}

type ConflictProps = { mine: Draft; theirs: q.Task; onTake: () => void; onKeep: () => void }

function Conflict({ mine, theirs, onTake, onKeep }: ConflictProps) {
  const other = draftOf(theirs)
  const differing = (Object.keys(mine) as (keyof Draft)[]).filter((key) => mine[key] !== other[key])
  return (
    <div role="alert" className="rounded-lg border border-approval bg-approval-soft p-3">
      <p className="font-semibold text-approval">Changed meanwhile</p>
      <p className="mt-0.5">
        Somebody else saved this task while you were editing. Your words are still here.
      </p>
      <dl className="mt-2 space-y-2">
        {differing.map((key) => (
          <div key={key}>
            <dt className="text-xs text-muted">{key.replace('estimated_', '')}: saved by somebody else</dt>
            <dd className="whitespace-pre-wrap [overflow-wrap:anywhere]">{other[key] || 'empty'}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-2 flex flex-wrap gap-2">
        <button type="button" className={button.plain} onClick={onTake}>
          Take theirs
        </button>
        <button type="button" className={button.primary} onClick={onKeep}>
          Save mine over it
        </button>
      </div>
    </div>
  )
}
