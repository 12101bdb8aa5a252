import { useQuery } from '@tanstack/react-query'
import { ListChecks, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Confirm } from '@/components/ui/Confirm'
import { Menu } from '@/components/ui/Menu'
import { Failed } from '@/components/ui/states'
import { failed, said } from '@/components/ui/Toast'
import { ApiError, type Schemas } from '@/lib/api/client'
import * as q from '@/lib/api/queries/settings'
import { Deliveries } from './Deliveries'
import { Panel } from './Panel'
import { Secret } from './Secret'
import { WebhookDialog } from './WebhookDialog'

type Open =
  | { add: true }
  | { edit: q.Webhook }
  | { going: q.Webhook }
  | { sent: q.Webhook }
  | { secret: string }

/** Addresses that are told what happens, of this project and of all. */
export function Webhooks({ project }: { project: Schemas['ProjectView'] }) {
  const { data, error } = useQuery(q.webhooks())
  const edit = q.useEditWebhook()
  const remove = q.useDeleteWebhook()
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const own = data?.filter((w) => w.project_id == null || w.project_id === project.id)
  const barred = error instanceof ApiError && error.problem.status === 403
  return (
    <Panel
      title="Webhooks"
      text="Tells other programs when a phase waits, a task asks, or a budget runs low."
      action={
        !barred && (
          <button type="button" className={button.plain} onClick={() => setOpen({ add: true })}>
            <Plus size={15} aria-hidden />
            Add webhook
          </button>
        )
      }
    >
      {barred ? (
        <p className="text-muted">Webhooks need the access admin.</p>
      ) : error && !data ? (
        <Failed error={error} />
      ) : !own ? (
        <div className="skeleton h-14" />
      ) : own.length === 0 ? undefined : (
        <ul className="divide-y divide-line">
          {own.map((w) => (
            <li key={w.id} className="flex items-center gap-3 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="font-medium [overflow-wrap:anywhere]">{w.url}</p>
                <p className="text-xs text-muted">
                  {w.kinds.length === 0 ? 'Everything' : w.kinds.join(', ')}
                  {w.project_id == null && ' · of all projects'}
                </p>
                {w.disabled_reason && (
                  <p className="text-xs text-failed">Switched off: {w.disabled_reason}</p>
                )}
              </div>
              <label className="flex items-center gap-2 text-muted min-h-6 pointer-coarse:min-h-11">
                <input
                  type="checkbox"
                  className="accent-accent"
                  checked={w.enabled}
                  disabled={edit.isPending}
                  onChange={() =>
                    edit.mutate(
                      { webhook: w, body: { enabled: !w.enabled } },
                      { onError: (e) => failed(e, 'The webhook stays as it was') },
                    )
                  }
                />
                On
                <span className="sr-only">: {w.url}</span>
              </label>
              <Menu
                label={`Actions for ${w.url}`}
                items={[
                  { label: 'Deliveries', icon: ListChecks, run: () => setOpen({ sent: w }) },
                  { label: 'Edit', icon: Pencil, run: () => setOpen({ edit: w }) },
                  { label: 'Delete', icon: Trash2, danger: true, run: () => setOpen({ going: w }) },
                ]}
              />
            </li>
          ))}
        </ul>
      )}
      {open && 'add' in open && (
        <WebhookDialog project={project.name} onClose={close} onMade={(secret) => setOpen({ secret })} />
      )}
      {open && 'edit' in open && <WebhookDialog project={project.name} webhook={open.edit} onClose={close} />}
      {open && 'sent' in open && <Deliveries webhook={open.sent} onClose={close} />}
      {open && 'secret' in open && (
        <Secret
          title="The secret of the webhook"
          text="It signs every delivery. It is shown this once."
          secret={open.secret}
          onClose={close}
        />
      )}
      {open && 'going' in open && (
        <Confirm
          title="Delete this webhook?"
          action="Delete webhook"
          busy={remove.isPending}
          onClose={close}
          onConfirm={() =>
            remove.mutate(open.going, {
              onSuccess: () => {
                said('Webhook deleted.')
                close()
              },
              onError: (e) => failed(e, 'The webhook was not deleted'),
            })
          }
        >
          {open.going.url} is told nothing more; what waits for it is dropped.
        </Confirm>
      )}
    </Panel>
  )
}
