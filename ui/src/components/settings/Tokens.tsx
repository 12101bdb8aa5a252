import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Confirm } from '@/components/ui/Confirm'
import { Failed } from '@/components/ui/states'
import { failed, said } from '@/components/ui/Toast'
import { ApiError, type Schemas } from '@/lib/api/client'
import * as q from '@/lib/api/queries/settings'
import { cx, fmtDateTime } from '@/lib/format'
import { Panel } from './Panel'
import { Secret } from './Secret'
import { TokenDialog } from './TokenDialog'

type Open = { add: true } | { secret: string } | { going: q.Token }

/** Who may reach this project over the API; tokens of single runs are made and end by themselves. */
export function Tokens({ project }: { project: Schemas['ProjectView'] }) {
  const { data, error } = useQuery(q.tokens())
  const revoke = q.useRevokeToken()
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const own = data?.filter((t) => t.run_id == null && (t.project_id == null || t.project_id === project.id))
  const live = own?.filter((t) => t.revoked_at == null)
  const barred = error instanceof ApiError && error.problem.status === 403
  return (
    <Panel
      title="Tokens"
      text="Each lets a program or a browser in, as far as its access goes. The secret is shown once."
      action={
        !barred && (
          <button type="button" className={button.plain} onClick={() => setOpen({ add: true })}>
            <Plus size={15} aria-hidden />
            Make a token
          </button>
        )
      }
    >
      {barred ? (
        <p className="text-muted">Tokens need the access admin.</p>
      ) : error && !data ? (
        <Failed error={error} />
      ) : !live ? (
        <div className="skeleton h-14" />
      ) : live.length === 0 ? (
        <p className="text-muted">None yet, beside the one in the data directory of the server.</p>
      ) : (
        <ul className="divide-y divide-line">
          {live.map((t) => {
            const over = t.expires_at != null && Date.parse(t.expires_at) < Date.now()
            return (
              <li key={t.id} className="flex items-center gap-3 py-2.5">
                <div className="min-w-0 flex-1">
                  <p
                    className={cx('font-medium [overflow-wrap:anywhere]', over && 'text-muted line-through')}
                  >
                    {t.name}
                  </p>
                  <p className="text-xs text-muted">
                    {t.access}
                    {t.agent_id && ` for ${t.agent_id}`} ·{' '}
                    {t.project_id == null ? 'all projects' : 'this project'} · made{' '}
                    {fmtDateTime(t.created_at)}
                    {t.expires_at && ` · ${over ? 'ended' : 'ends'} ${fmtDateTime(t.expires_at)}`}
                  </p>
                </div>
                <button type="button" className={button.ghost} onClick={() => setOpen({ going: t })}>
                  Take back
                </button>
              </li>
            )
          })}
        </ul>
      )}
      {open && 'add' in open && (
        <TokenDialog project={project.name} onClose={close} onMade={(secret) => setOpen({ secret })} />
      )}
      {open && 'secret' in open && (
        <Secret
          title="The new token"
          text="Send it as “Authorization: Bearer …”. It is shown this once."
          secret={open.secret}
          onClose={close}
        />
      )}
      {open && 'going' in open && (
        <Confirm
          title={`Take back “${open.going.name}”?`}
          action="Take back"
          busy={revoke.isPending}
          onClose={close}
          onConfirm={() =>
            revoke.mutate(open.going.id, {
              onSuccess: () => {
                said('The token does not count any more.')
                close()
              },
              onError: (e) => failed(e, 'The token still counts'),
            })
          }
        >
          Whoever uses it is logged out at once. This cannot be undone.
        </Confirm>
      )}
    </Panel>
  )
}
