import { useNavigate } from '@tanstack/react-router'
import { ArrowDown, ArrowUp, Bot, FileText, Pencil, Trash2, Waypoints } from 'lucide-react'
import { useState } from 'react'
import { Confirm } from '@/components/ui/Confirm'
import { Menu } from '@/components/ui/Menu'
import { failed, said } from '@/components/ui/Toast'
import { Writable } from '@/components/ui/Writable'
import * as q from '@/lib/api/queries/features'
import { AssignFeature } from './AssignFeature'
import { EditFeatureModal } from './EditFeatureModal'

type Props = {
  feature: q.Feature
  project: string
  up: (() => void) | undefined
  down: (() => void) | undefined
}

export function FeatureMenu({ feature: f, project, up, down }: Props) {
  const [open, setOpen] = useState<'edit' | 'assign' | 'delete'>()
  const remove = q.useDeleteFeature(project)
  const navigate = useNavigate()
  const params = { project, feature: f.id }
  const close = () => setOpen(undefined)
  return (
    <>
      <Writable>
        <Menu
          label={`Actions for ${f.name}`}
          items={[
            { label: 'Edit name and text', icon: Pencil, run: () => setOpen('edit') },
            {
              label: 'Write the spec',
              icon: FileText,
              run: () => void navigate({ to: '/p/$project/features/$feature/spec', params }),
            },
            { label: 'Assign to an agent', icon: Bot, run: () => setOpen('assign') },
            {
              label: 'Show dependencies',
              icon: Waypoints,
              run: () => void navigate({ to: '/p/$project/features/$feature/graph', params }),
            },
            { label: 'Move up', icon: ArrowUp, run: () => up?.(), disabled: !up },
            { label: 'Move down', icon: ArrowDown, run: () => down?.(), disabled: !down },
            { label: 'Delete feature', icon: Trash2, danger: true, run: () => setOpen('delete') },
          ]}
        />
      </Writable>
      {open === 'edit' && <EditFeatureModal feature={f} project={project} onClose={close} />}
      {open === 'assign' && <AssignFeature feature={f} project={project} onClose={close} />}
      {open === 'delete' && (
        <Confirm
          title={`Delete “${f.name}”?`}
          action="Delete feature"
          busy={remove.isPending}
          onClose={close}
          onConfirm={() =>
            remove.mutate(f.id, {
              onSuccess: ({ deleted_tasks }) => {
                said(`“${f.name}” deleted, with ${deleted_tasks} tasks.`)
                close()
              },
              onError: (e) => failed(e, 'The feature was not deleted'),
            })
          }
        >
          Its spec and its {f.task_count} tasks go with it, {f.tasks_completed} of them done. This cannot be
          undone.
        </Confirm>
      )}
    </>
  )
}
