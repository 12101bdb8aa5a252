import { input, Labelled } from '@/components/ui/Labelled'
import type { Schemas } from '@/lib/api/client'
import { Panel } from './Panel'
import { SaveBar } from './SaveBar'
import { useProjectForm } from './useProjectForm'

/** What a project is called and what it should become. */
export function GeneralForm({ project }: { project: Schemas['ProjectView'] }) {
  const f = useProjectForm(
    project,
    (p) => ({ title: p.title, description: p.description, spec: p.spec ?? '' }),
    (d) => ({ title: d.title.trim(), description: d.description, spec: d.spec }),
  )
  return (
    <Panel
      title="General"
      text={
        <>
          {project.name} in <code className="font-mono text-xs [overflow-wrap:anywhere]">{project.path}</code>
        </>
      }
    >
      <form
        onSubmit={(e) => {
          e.preventDefault()
          f.save()
        }}
      >
        <div className="space-y-4">
          <Labelled label="Title" error={f.errors.get('title')}>
            {(aria) => (
              <input
                {...aria}
                className={input}
                maxLength={255}
                value={f.draft.title}
                onChange={(e) => f.set({ title: e.target.value })}
              />
            )}
          </Labelled>
          <Labelled label="Description" error={f.errors.get('description')}>
            {(aria) => (
              <textarea
                {...aria}
                rows={2}
                className={`${input} h-auto! py-1.5`}
                value={f.draft.description}
                onChange={(e) => f.set({ description: e.target.value })}
              />
            )}
          </Labelled>
          <Labelled
            label="Spec"
            hint="What it should become, as Markdown. Every agent reads it."
            error={f.errors.get('spec')}
          >
            {(aria) => (
              <textarea
                {...aria}
                rows={12}
                className={`${input} h-auto! py-1.5 font-mono text-xs`}
                value={f.draft.spec}
                onChange={(e) => f.set({ spec: e.target.value })}
              />
            )}
          </Labelled>
        </div>
        <SaveBar
          changed={f.changed}
          busy={f.busy}
          valid={f.draft.title.trim() !== ''}
          onDiscard={f.discard}
        />
      </form>
    </Panel>
  )
}
