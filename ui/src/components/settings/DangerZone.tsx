import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Confirm } from '@/components/ui/Confirm'
import { input, Labelled } from '@/components/ui/Labelled'
import { failed, said } from '@/components/ui/Toast'
import { ApiError, type Schemas } from '@/lib/api/client'
import { useProjectAction } from '@/lib/api/queries/projects'
import { useDeleteProject } from '@/lib/api/queries/settings'
import { Panel } from './Panel'

/** What stops a project for good: archiving it, or deleting it with its name typed. */
export function DangerZone({ project }: { project: Schemas['ProjectView'] }) {
  const [open, setOpen] = useState<'archive' | 'delete' | undefined>()
  const act = useProjectAction()
  const archived = project.status === 'archived'
  const run = (action: 'archive' | 'resume') =>
    act.mutate(
      { name: project.name, action },
      {
        onSuccess: () => {
          said(action === 'archive' ? `“${project.title}” is archived.` : `“${project.title}” is back.`)
          setOpen(undefined)
        },
        onError: (e) => failed(e, 'The project stays as it is'),
      },
    )
  return (
    <div className="space-y-4">
      <Panel
        title={archived ? 'Bring back' : 'Archive'}
        text={
          archived
            ? 'It is out of the way, with everything kept. Resume it to go on.'
            : 'Its agents stop, and it stands last in the list of projects. Everything is kept.'
        }
        action={
          <button
            type="button"
            className={button.plain}
            disabled={act.isPending}
            onClick={() => (archived ? run('resume') : setOpen('archive'))}
          >
            {archived ? 'Resume project' : 'Archive project'}
          </button>
        }
      />
      <Panel
        title="Delete"
        text={`The plan goes: ${project.phase_count} phases, ${project.feature_count} features, ${project.task_count} tasks, with their history. Your code in ${project.path} stays.`}
        action={
          <button type="button" className={button.danger} onClick={() => setOpen('delete')}>
            Delete project
          </button>
        }
      />
      {open === 'archive' && (
        <Confirm
          title={`Archive “${project.title}”?`}
          action="Archive project"
          busy={act.isPending}
          onClose={() => setOpen(undefined)}
          onConfirm={() => run('archive')}
        >
          Agents stop and hand their tasks back. You can resume it at any time.
        </Confirm>
      )}
      {open === 'delete' && <DeleteProject project={project} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function DeleteProject({ project, onClose }: { project: Schemas['ProjectView']; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const remove = useDeleteProject(project.name)
  const navigate = useNavigate()
  const held = remove.error instanceof ApiError && remove.error.problem.code === 'held_by_agent'
  const send = () =>
    remove.mutate(held, {
      onSuccess: ({ deleted_tasks }) => {
        said(`“${project.title}” is deleted, with ${deleted_tasks} tasks.`)
        void navigate({ to: '/' })
      },
      onError: (e) => failed(e, 'The project was not deleted'),
    })
  return (
    <Confirm
      title={`Delete “${project.title}”?`}
      action={held ? 'Delete it all the same' : 'Delete project'}
      busy={remove.isPending}
      disabled={typed !== project.name}
      onClose={onClose}
      onConfirm={send}
    >
      <p>This cannot be undone.{held && ' An agent holds one of its tasks; its work will be lost.'}</p>
      <div className="mt-3 text-fg">
        <Labelled label={`Type ${project.name} to confirm`}>
          {(aria) => (
            <input
              {...aria}
              className={input}
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(e) => setTyped(e.target.value)}
            />
          )}
        </Labelled>
      </div>
    </Confirm>
  )
}
