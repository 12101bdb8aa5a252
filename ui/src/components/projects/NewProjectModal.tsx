import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { input, Labelled } from '@/components/ui/Labelled'
import { failed } from '@/components/ui/Toast'
import { fieldErrors } from '@/lib/api/problems'
import { useCreateProject } from '@/lib/api/queries/projects'
import { slug } from './slug'

/** Name, folder and first brief: enough to begin; phases come on the next screen. */
export default function NewProjectModal({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState({ title: '', name: '', path: '', spec: '' })
  const [named, setNamed] = useState(false)
  const create = useCreateProject()
  const navigate = useNavigate()
  const errors = fieldErrors(create.error)
  const name = named ? draft.name : slug(draft.title)
  const isReady = name !== '' && draft.path.trim() !== '' && !create.isPending
  const save = () =>
    isReady &&
    create.mutate(
      { name, title: draft.title.trim() || name, path: draft.path.trim(), spec: draft.spec },
      {
        onSuccess: (made) => void navigate({ to: '/p/$project', params: { project: made.name } }),
        onError: (e) => fieldErrors(e).size === 0 && failed(e, 'The project was not made'),
      },
    )
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  return (
    <Dialog
      title="New project"
      description="Agents work in this folder, on the server’s machine."
      onClose={onClose}
    >
      <form
        className="space-y-3"
        onSubmit={(e) => {
          e.preventDefault()
          save()
        }}
        onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && save()}
      >
        <Labelled label="Title" error={errors.get('title')}>
          {(aria) => (
            <input
              {...aria}
              className={input}
              maxLength={255}
              value={draft.title}
              onChange={(e) => change({ title: e.target.value })}
            />
          )}
        </Labelled>
        <Labelled label="Name" hint="For addresses and commands: a–z, 0–9 and -" error={errors.get('name')}>
          {(aria) => (
            <input
              {...aria}
              className={input}
              maxLength={63}
              required
              value={name}
              onChange={(e) => {
                setNamed(true)
                change({ name: e.target.value })
              }}
            />
          )}
        </Labelled>
        <Labelled label="Folder" hint="Absolute; best a git repository" error={errors.get('path')}>
          {(aria) => (
            <input
              {...aria}
              className={input}
              required
              placeholder="/srv/shop"
              value={draft.path}
              onChange={(e) => change({ path: e.target.value })}
            />
          )}
        </Labelled>
        <Labelled
          label="What it should become"
          hint="Markdown; a first brief is enough"
          error={errors.get('spec')}
        >
          {(aria) => (
            <textarea
              {...aria}
              rows={5}
              className={`${input} h-auto! py-2`}
              value={draft.spec}
              onChange={(e) => change({ spec: e.target.value })}
            />
          )}
        </Labelled>
        <div className="flex justify-end gap-2 pt-1">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={!isReady}>
            Make project
          </button>
        </div>
      </form>
    </Dialog>
  )
}
