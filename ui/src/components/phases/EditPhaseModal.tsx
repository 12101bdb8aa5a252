import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { failed, undoable } from '@/components/ui/Toast'
import { fieldErrors } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/phases'
import { PhaseFields } from './PhaseFields'

type Props = { phase: q.Phase; project: string; onClose: () => void }

export function EditPhaseModal({ phase, project, onClose }: Props) {
  const [seen] = useState(phase) // later versions of the list must not slip under the edit
  const [draft, setDraft] = useState({ name: phase.name, description: phase.description })
  const edit = q.useEditPhases(project)
  const save = () => {
    const { name, description } = seen
    edit.mutate([{ phase: seen, body: { ...draft, name: draft.name.trim() } }], {
      onSuccess: (list) => {
        const now = list.find((p) => p.id === seen.id)
        if (now)
          undoable('Phase saved', () =>
            edit.mutate([{ phase: now, body: { name, description } }], {
              onError: (e) => failed(e, 'It stays as saved'),
            }),
          )
        onClose()
      },
      onError: (e) => fieldErrors(e).size === 0 && failed(e, 'The phase was not saved'),
    })
  }
  return (
    <Dialog title="Edit phase" onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          save()
        }}
        onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && save()}
      >
        <PhaseFields draft={draft} errors={fieldErrors(edit.error)} onChange={setDraft} />
        <div className="mt-4 flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={!draft.name.trim() || edit.isPending}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  )
}
