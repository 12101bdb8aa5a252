import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { failed, said } from '@/components/ui/Toast'
import * as q from '@/lib/api/queries/phases'

type Props = { phase: q.Phase; project: string; onClose: () => void }

export function ReopenPhase({ phase, project, onClose }: Props) {
  const [reason, setReason] = useState('')
  const act = q.usePhaseAction(project)
  return (
    <Dialog
      title={`Reopen “${phase.name}”?`}
      description="Only while no later phase has started. Reopen or add the tasks to do afterwards."
      onClose={onClose}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault()
          act.mutate(
            { id: phase.id, action: 'reopen', reason: reason.trim() },
            {
              onSuccess: () => {
                said(`“${phase.name}” is in progress again.`)
                onClose()
              },
              onError: (error) => failed(error, 'The phase was not reopened'),
            },
          )
        }}
      >
        <label className="block">
          <span className="font-medium">Why?</span>
          <textarea
            required
            rows={3}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
            className="mt-1 w-full rounded-md border border-line-strong bg-surface p-2"
          />
        </label>
        <div className="mt-4 flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={!reason.trim() || act.isPending}>
            Reopen phase
          </button>
        </div>
      </form>
    </Dialog>
  )
}
