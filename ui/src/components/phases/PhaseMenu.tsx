import { ArrowLeft, ArrowRight, Pencil, Play, RotateCcw, Send, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Confirm } from '@/components/ui/Confirm'
import { Menu } from '@/components/ui/Menu'
import { failed, said, undoable } from '@/components/ui/Toast'
import { Writable } from '@/components/ui/Writable'
import * as q from '@/lib/api/queries/phases'
import { EditPhaseModal } from './EditPhaseModal'
import { ReopenPhase } from './ReopenPhase'

type Props = { phase: q.Phase; phases: q.Phase[]; project: string }

/** What may be done with a phase; the rest is disabled, with its reason. */
export function PhaseMenu({ phase: p, phases, project }: Props) {
  const [open, setOpen] = useState<'edit' | 'delete' | 'reopen'>()
  const edit = q.useEditPhases(project)
  const remove = q.useDeletePhase(project)
  const act = q.usePhaseAction(project)
  const [left, right] = [q.moved(phases, p.id, -1), q.moved(phases, p.id, 1)]
  const move = (edits: ReturnType<typeof q.moved>, back: 1 | -1) =>
    edit.mutate(edits, {
      onSuccess: (list) =>
        undoable(`“${p.name}” moved`, () =>
          edit.mutate(q.moved(list, p.id, back), { onError: (e) => failed(e, 'It keeps its new place') }),
        ),
      onError: (e) => failed(e, 'The phase was not moved'),
    })
  const run = (action: 'start' | 'submit', done: string) =>
    act.mutate(
      { id: p.id, action },
      { onSuccess: () => said(done), onError: (e) => failed(e, `“${p.name}” stays as it is`) },
    )
  const started = p.status !== 'pending'
  const worked = p.tasks_completed > 0
  return (
    <>
      <Writable>
        <Menu
          label={`Actions for ${p.name}`}
          items={[
            { label: 'Edit name and text', icon: Pencil, run: () => setOpen('edit') },
            { label: 'Move left', icon: ArrowLeft, run: () => move(left, 1), disabled: left.length === 0 },
            {
              label: 'Move right',
              icon: ArrowRight,
              run: () => move(right, -1),
              disabled: right.length === 0,
            },
            p.status === 'pending' && {
              label: 'Start phase',
              icon: Play,
              run: () => run('start', `“${p.name}” has started.`),
            },
            p.status === 'in_progress' && {
              label: 'Ask for approval',
              icon: Send,
              run: () => run('submit', `“${p.name}” waits for your approval.`),
            },
            p.status === 'completed' && {
              label: 'Reopen phase',
              icon: RotateCcw,
              run: () => setOpen('reopen'),
            },
            {
              label: 'Delete phase',
              icon: Trash2,
              danger: true,
              run: () => setOpen('delete'),
              disabled: worked,
            },
          ]}
        />
      </Writable>
      {open === 'edit' && <EditPhaseModal phase={p} project={project} onClose={() => setOpen(undefined)} />}
      {open === 'reopen' && <ReopenPhase phase={p} project={project} onClose={() => setOpen(undefined)} />}
      {open === 'delete' && (
        <Confirm
          title={`Delete “${p.name}”?`}
          action="Delete phase"
          busy={remove.isPending}
          onClose={() => setOpen(undefined)}
          onConfirm={() =>
            remove.mutate(p.id, {
              onSuccess: ({ deleted_tasks }) => {
                said(`“${p.name}” deleted, with ${deleted_tasks} tasks.`)
                setOpen(undefined)
              },
              onError: (e) => failed(e, 'The phase was not deleted'),
            })
          }
        >
          {p.feature_count} features and {p.task_count} tasks go with it. This cannot be undone.
          {started && ' Work of agents on it stops to count.'}
        </Confirm>
      )}
    </>
  )
}
