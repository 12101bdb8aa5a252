import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { input, Labelled } from '@/components/ui/Labelled'
import { failed, said } from '@/components/ui/Toast'
import type { Schemas } from '@/lib/api/client'
import { fieldErrors } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/settings'

type Kind = Schemas['WebhookKind']
type Props = { project: string; webhook?: q.Webhook; onClose: () => void; onMade?: (secret: string) => void }

const kinds: Record<Kind, string> = {
  'phase.awaiting_approval': 'A phase waits for approval',
  'phase.completed': 'A phase is approved',
  'phase.rejected': 'A phase is sent back',
  'feature.completed': 'A feature is completed',
  'task.blocked': 'A task is blocked',
  'task.needs_input': 'An agent asks a question',
  'usage.warning': 'A budget is nearly used up',
  'usage.paused': 'A budget stops the work',
  'agent.crashed': "An agent's process died",
  'project.completed': 'The project is completed',
}

/** Adds a webhook of this project, or changes one. Nothing ticked: it is told everything. */
export function WebhookDialog({ project, webhook, onClose, onMade }: Props) {
  const [url, setUrl] = useState(webhook?.url ?? 'https://')
  const [chosen, setChosen] = useState<Kind[]>((webhook?.kinds ?? []) as Kind[])
  const create = q.useCreateWebhook()
  const edit = q.useEditWebhook()
  const errors = fieldErrors(create.error ?? edit.error)
  const busy = create.isPending || edit.isPending
  const onError = (e: Error) => fieldErrors(e).size === 0 && failed(e, 'The webhook was not saved')
  const send = () => {
    if (busy) return
    const body = { url: url.trim(), kinds: chosen }
    if (webhook)
      edit.mutate(
        { webhook, body },
        {
          onSuccess: () => {
            said('Webhook changed.')
            onClose()
          },
          onError,
        },
      )
    else create.mutate({ ...body, project }, { onSuccess: ({ secret }) => onMade?.(secret), onError })
  }
  return (
    <Dialog title={webhook ? 'Edit the webhook' : 'Add a webhook'} onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={(e) => {
          e.preventDefault()
          send()
        }}
      >
        <Labelled label="Address" hint="Deliveries are posted there, signed." error={errors.get('url')}>
          {(aria) => (
            <input
              {...aria}
              type="url"
              required
              className={input}
              value={url}
              onChange={(e) => setUrl(e.target.value)}
            />
          )}
        </Labelled>
        <fieldset>
          <legend className="font-medium">Told when</legend>
          <p className="text-xs text-muted">Nothing ticked: everything below.</p>
          <div className="mt-1 grid gap-x-4 gap-y-1 sm:grid-cols-2">
            {Object.entries(kinds).map(([kind, name]) => (
              <label key={kind} className="flex items-center gap-1.5 min-h-6 pointer-coarse:min-h-11">
                <input
                  type="checkbox"
                  className="accent-accent"
                  checked={chosen.includes(kind as Kind)}
                  onChange={() =>
                    setChosen(
                      chosen.includes(kind as Kind)
                        ? chosen.filter((k) => k !== kind)
                        : [...chosen, kind as Kind],
                    )
                  }
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={busy}>
            {webhook ? 'Save webhook' : 'Add webhook'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
