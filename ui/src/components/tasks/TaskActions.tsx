import { ListEnd, Pencil, RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { failed, said } from '@/components/ui/Toast'
import * as q from '@/lib/api/queries/tasks'
import { useRemove, useSkip } from './actions'

type Props = { project: string; task: q.Task; onEdit: () => void; onGone: () => void }

export function TaskActions({ project, task: t, onEdit, onGone }: Props) {
  const skip = useSkip(project)
  const remove = useRemove(project)
  const { reopen } = q.useTaskActions(project)
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const again = t.status === 'passing' || t.status === 'blocked'
  if (asking)
    return (
      <form
        className="space-y-2 border-t border-line p-4"
        onSubmit={(e) => {
          e.preventDefault()
          reopen.mutate(
            { id: t.id, reason: reason.trim() },
            {
              onSuccess: () => {
                setAsking(false)
                said('Reopened. An agent can take it again.')
              },
              onError: (error) => failed(error, 'The task was not reopened'),
            },
          )
        }}
      >
        <label className="block font-medium" htmlFor="reopen-reason">
          Why does it have to be done again?
        </label>
        <textarea
          id="reopen-reason"
          ref={(field) => field?.focus()}
          rows={2}
          value={reason}
          onChange={(e) => setReason(e.target.value)}
          placeholder="The agent reads this first"
          className="w-full rounded-md border border-line-strong bg-surface p-2"
        />
        <div className="flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={() => setAsking(false)}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={reopen.isPending}>
            Reopen task
          </button>
        </div>
      </form>
    )
  return (
    <footer className="flex flex-wrap gap-2 border-t border-line px-5 py-3">
      <button type="button" className={button.plain} onClick={onEdit} aria-keyshortcuts="e">
        <Pencil size={14} aria-hidden />
        Edit
      </button>
      {again && (
        <button type="button" className={button.plain} onClick={() => setAsking(true)}>
          <RotateCcw size={14} aria-hidden />
          Reopen
        </button>
      )}
      {!again && (
        <button type="button" className={button.plain} onClick={() => skip(t)} aria-keyshortcuts="s">
          <ListEnd size={14} aria-hidden />
          Skip for now
        </button>
      )}
      <button
        type="button"
        className={`${button.ghost} ml-auto`}
        aria-keyshortcuts="Delete"
        onClick={() => {
          remove(t)
          onGone()
        }}
      >
        <Trash2 size={14} aria-hidden />
        Delete
      </button>
    </footer>
  )
}
