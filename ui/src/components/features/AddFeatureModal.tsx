import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { failed } from '@/components/ui/Toast'
import { fieldErrors } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/features'
import { FeatureFields } from './FeatureFields'

type Props = { project: string; phase: number; onClose: () => void }

/** Makes a feature, which asks for its spec, and goes on to the conversation about it. */
export default function AddFeatureModal({ project, phase, onClose }: Props) {
  const [draft, setDraft] = useState({ name: '', description: '' })
  const create = q.useCreateFeature(project)
  const navigate = useNavigate()
  const save = () => {
    if (!draft.name.trim() || create.isPending) return
    create.mutate(
      { name: draft.name.trim(), description: draft.description, phase_id: phase, priority: 500 },
      {
        onSuccess: (made) =>
          void navigate({
            to: '/p/$project/features/$feature/spec',
            params: { project, feature: made.id },
            replace: true,
          }),
        onError: (e) => fieldErrors(e).size === 0 && failed(e, 'The feature was not added'),
      },
    )
  }
  return (
    <Dialog
      title="Add a feature"
      description="Its spec is asked for at once; you talk it over and choose the tasks on the next screen."
      onClose={onClose}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault()
          save()
        }}
        onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && save()}
      >
        <FeatureFields
          draft={draft}
          errors={fieldErrors(create.error)}
          onChange={setDraft}
          hint="A person can find a product by its name, its category or a word of its text."
        />
        <div className="mt-4 flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={!draft.name.trim() || create.isPending}>
            Add and write the spec
          </button>
        </div>
      </form>
    </Dialog>
  )
}
