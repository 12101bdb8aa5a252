import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { failed, said } from '@/components/ui/Toast'
import * as q from '@/lib/api/queries/features'

type Props = { feature: q.Feature; project: string; onClose: () => void }

const EVERYONE = ''
const FRESH = ' new' // no agent's name begins with a space

/** Gives a feature to one agent, to everyone again, or to a new agent of its own. */
export function AssignFeature({ feature: f, project, onClose }: Props) {
  const names = useQuery(q.agentNames(project))
  const assign = q.useAssignFeature(project)
  const [who, setWho] = useState(f.agent_id ?? EVERYONE)
  const save = () =>
    assign.mutate(
      { id: f.id, agent_id: who === EVERYONE ? null : who === FRESH ? undefined : who },
      {
        onSuccess: ({ agent_id }) => {
          said(agent_id ? `“${f.name}” belongs to ${agent_id} now.` : `Every agent may work on “${f.name}”.`)
          onClose()
        },
        onError: (e) => failed(e, 'The feature was not assigned'),
      },
    )
  return (
    <Dialog
      title={`Who works on “${f.name}”?`}
      description="An agent with features of its own works only on these."
      onClose={onClose}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault()
          save()
        }}
      >
        <fieldset className="space-y-1">
          <legend className="sr-only">Agent</legend>
          {[EVERYONE, ...(names.data ?? []), FRESH].map((name) => (
            <label key={name} className="flex items-center gap-2 rounded-md py-1 pointer-coarse:min-h-11">
              <input
                type="radio"
                name="agent"
                className="accent-accent"
                checked={who === name}
                onChange={() => setWho(name)}
              />
              {name === EVERYONE ? 'Every agent' : name === FRESH ? 'A new agent of its own' : name}
            </label>
          ))}
        </fieldset>
        <div className="mt-4 flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={assign.isPending}>
            Assign
          </button>
        </div>
      </form>
    </Dialog>
  )
}
