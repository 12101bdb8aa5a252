import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { failed, undoable } from '@/components/ui/Toast'
import { fieldErrors } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/features'
import { FeatureFields } from './FeatureFields'

type Props = { feature: q.Feature; project: string; onClose: () => void }

export function EditFeatureModal({ feature, project, onClose }: Props) {
  const [seen] = useState(feature) // later versions of the list must not slip under the edit
  const [draft, setDraft] = useState({ name: feature.name, description: feature.description })
  const edit = q.useEditFeatures(project)
  const save = () => {
    const { name, description } = seen
    edit.mutate([{ feature: seen, body: { ...draft, name: draft.name.trim() } }], {
      onSuccess: ([now]) => {
        if (now)
          undoable('Feature saved', () =>
            edit.mutate([{ feature: now, body: { name, description } }], {
              onError: (e) => failed(e, 'It stays as saved'),
            }),
          )
        onClose()
      },
      onError: (e) => fieldErrors(e).size === 0 && failed(e, 'The feature was not saved'),
    })
  }
  return (
    <Dialog title="Edit feature" onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          save()
        }}
        onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && save()}
      >
        <FeatureFields draft={draft} errors={fieldErrors(edit.error)} onChange={setDraft} />
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
