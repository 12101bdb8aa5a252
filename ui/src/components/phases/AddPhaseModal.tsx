import { useId, useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { failed, said } from '@/components/ui/Toast'
import { fieldErrors } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/phases'
import { PhaseFields } from './PhaseFields'
import { orderBehind } from './position'

type Props = { project: string; phases: q.Phase[]; onClose: () => void }

export default function AddPhaseModal({ project, phases, onClose }: Props) {
  const [draft, setDraft] = useState({ name: '', description: '' })
  const [behind, setBehind] = useState(phases.at(-1)?.id ?? 0)
  const create = q.useCreatePhase(project)
  const id = useId()
  const errors = fieldErrors(create.error)
  // A new phase can only stand ahead of those that have not started.
  const firstFree = Math.max(
    phases.findLastIndex((p) => p.status !== 'pending'),
    0,
  )
  const places = phases.slice(firstFree)
  const save = () => {
    if (!draft.name.trim() || create.isPending) return
    create.mutate(
      { name: draft.name.trim(), description: draft.description, order: orderBehind(phases, behind) },
      {
        onSuccess: (made) => {
          said(`“${made.name}” added.`)
          onClose()
        },
        onError: (e) => fieldErrors(e).size === 0 && failed(e, 'The phase was not added'),
      },
    )
  }
  return (
    <Dialog
      title="Add a phase"
      description="A milestone. It ends at a gate, where you approve it."
      onClose={onClose}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault()
          save()
        }}
        onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && save()}
      >
        <PhaseFields draft={draft} errors={errors} onChange={setDraft}>
          {places.length > 0 && (
            <label className="block" htmlFor={id}>
              <span className="font-medium">Position</span>
              <select
                id={id}
                value={behind}
                onChange={(e) => setBehind(Number(e.target.value))}
                className="mt-1 h-8 w-full rounded-md border border-line-strong bg-surface px-2 pointer-coarse:h-11"
              >
                {firstFree === 0 && phases[0]?.status === 'pending' && <option value={-1}>First</option>}
                {places.map((p) => (
                  <option key={p.id} value={p.id}>
                    Behind “{p.name}”
                  </option>
                ))}
              </select>
              {errors.has('order') && (
                <span role="alert" className="mt-1 block text-failed">
                  {errors.get('order')}
                </span>
              )}
            </label>
          )}
        </PhaseFields>
        <div className="mt-4 flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={!draft.name.trim() || create.isPending}>
            Add phase
          </button>
        </div>
      </form>
    </Dialog>
  )
}
