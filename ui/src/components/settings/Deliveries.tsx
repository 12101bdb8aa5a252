import { useQuery } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { Failed } from '@/components/ui/states'
import { failed, said } from '@/components/ui/Toast'
import * as q from '@/lib/api/queries/settings'
import { cx, fmtDateTime } from '@/lib/format'

const looks: Record<q.Delivery['status'], [string, string]> = {
  pending: ['text-running', 'Waits'],
  delivered: ['text-done', 'Delivered'],
  dead: ['text-failed', 'Given up'],
}

/** What was sent to a webhook, what it answered, and sending it again. */
export function Deliveries({ webhook, onClose }: { webhook: q.Webhook; onClose: () => void }) {
  const { data, error } = useQuery(q.deliveries(webhook.id))
  const replay = q.useReplayDelivery(webhook.id)
  return (
    <Dialog wide title="Deliveries" description={webhook.url} onClose={onClose}>
      {error && !data ? (
        <Failed error={error} />
      ) : !data ? (
        <div className="skeleton h-40" />
      ) : data.items.length === 0 ? (
        <p className="text-muted">Nothing was sent yet.</p>
      ) : (
        <ul className="divide-y divide-line">
          {data.items.map((d) => {
            const [tone, name] = looks[d.status]
            return (
              <li key={d.id} className="flex items-center gap-3 py-2">
                <div className="min-w-0 flex-1">
                  <p className="flex flex-wrap gap-x-3">
                    <span className="font-medium">{d.kind}</span>
                    <span className={cx('font-medium', tone)}>{name}</span>
                    <span className="text-muted tabular-nums">
                      {fmtDateTime(d.created_at)} · {d.tries} {d.tries === 1 ? 'try' : 'tries'}
                      {d.last_status != null && ` · HTTP ${d.last_status}`}
                    </span>
                  </p>
                  {d.last_error && (
                    <p className="text-xs text-failed [overflow-wrap:anywhere]">{d.last_error}</p>
                  )}
                  {d.next_at && d.status === 'pending' && (
                    <p className="text-xs text-muted">Tried again at {fmtDateTime(d.next_at)}</p>
                  )}
                </div>
                <button
                  type="button"
                  className={button.ghost}
                  disabled={replay.isPending}
                  onClick={() =>
                    replay.mutate(d.id, {
                      onSuccess: () => said('It is sent again.'),
                      onError: (e) => failed(e, 'It was not sent again'),
                    })
                  }
                >
                  <RotateCcw size={14} aria-hidden />
                  Send again
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </Dialog>
  )
}
