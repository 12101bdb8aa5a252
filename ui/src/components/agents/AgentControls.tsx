import { Pause, Pencil, Play, Square, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Confirm } from '@/components/ui/Confirm'
import { Menu } from '@/components/ui/Menu'
import { failed, said } from '@/components/ui/Toast'
import * as q from '@/lib/api/queries/agents'
import { AgentDialog } from './AgentDialog'

/** Start, pause after this task, stop; the rest stands behind the dots. */
export function AgentControls({ agent: a, project }: { agent: q.Agent; project: string }) {
  const [open, setOpen] = useState<'stop' | 'edit' | 'delete'>()
  const act = q.useAgentAction(project)
  const remove = q.useDeleteAgent(project)
  const run = (action: 'start' | 'pause' | 'resume' | 'stop', done: string) =>
    act.mutate(
      { id: a.id, action },
      {
        onSuccess: () => {
          said(done)
          setOpen(undefined)
        },
        onError: (e) => failed(e, `${a.id} goes on as before`),
      },
    )
  const busy = act.isPending
  return (
    <div className="flex flex-wrap items-center gap-2">
      {a.runner === 'external' ? (
        <p className="flex-1 text-xs text-muted">Started elsewhere; it takes tasks over MCP.</p>
      ) : (
        <>
          {a.wanted === 'stopped' && (
            <button
              type="button"
              className={button.primary}
              disabled={busy}
              onClick={() => run('start', `${a.id} is started.`)}
            >
              <Play size={14} aria-hidden />
              Start
            </button>
          )}
          {a.wanted === 'paused' && (
            <button
              type="button"
              className={button.primary}
              disabled={busy}
              onClick={() => run('resume', `${a.id} takes tasks again.`)}
            >
              <Play size={14} aria-hidden />
              Resume
            </button>
          )}
          {a.wanted === 'running' && (
            <button
              type="button"
              className={button.plain}
              disabled={busy}
              onClick={() => run('pause', `${a.id} finishes its task and takes no other.`)}
            >
              <Pause size={14} aria-hidden />
              Pause after this task
            </button>
          )}
          {a.wanted !== 'stopped' && (
            <button type="button" className={button.ghost} disabled={busy} onClick={() => setOpen('stop')}>
              <Square size={13} aria-hidden />
              Stop
            </button>
          )}
        </>
      )}
      <span className="ml-auto">
        <Menu
          label={`More for ${a.id}`}
          items={[
            { label: 'Edit', icon: Pencil, run: () => setOpen('edit') },
            {
              label: 'Delete',
              icon: Trash2,
              danger: true,
              run: () => setOpen('delete'),
              disabled: a.status === 'working',
            },
          ]}
        />
      </span>
      {open === 'stop' && (
        <Confirm
          title={`Stop ${a.id} now?`}
          action="Stop agent"
          busy={busy}
          onClose={() => setOpen(undefined)}
          onConfirm={() => run('stop', `${a.id} is stopped.`)}
        >
          {a.task_id == null
            ? 'It takes no other task until it is started again.'
            : 'Its process ends at once and its task goes back to the column of pending ones. To let it finish, pause it.'}
        </Confirm>
      )}
      {open === 'edit' && <AgentDialog project={project} agent={a} onClose={() => setOpen(undefined)} />}
      {open === 'delete' && (
        <Confirm
          title={`Delete ${a.id}?`}
          action="Delete agent"
          busy={remove.isPending}
          onClose={() => setOpen(undefined)}
          onConfirm={() =>
            remove.mutate(a.id, {
              onSuccess: () => {
                said(`${a.id} is deleted.`)
                setOpen(undefined)
              },
              onError: (e) => failed(e, 'The agent was not deleted'),
            })
          }
        >
          Its features are everyone's again, its tokens are revoked. Its runs and their logs stay.
        </Confirm>
      )}
    </div>
  )
}
