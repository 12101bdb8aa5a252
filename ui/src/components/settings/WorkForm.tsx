import { Link } from '@tanstack/react-router'
import { input, Labelled } from '@/components/ui/Labelled'
import type { Schemas } from '@/lib/api/client'
import { Panel } from './Panel'
import { SaveBar } from './SaveBar'
import { useProjectForm } from './useProjectForm'
import { linesOf, type WorkDraft, workDraft, workOf } from './work'

const isolations: Record<Schemas['Isolation'], string> = {
  auto: 'A sandbox where one works',
  bubblewrap: 'A sandbox, or the agent does not start',
  none: 'No sandbox',
}

/** What decides how agents work: verification, limits and isolation. */
export function WorkForm({ project }: { project: Schemas['ProjectView'] }) {
  const f = useProjectForm(
    project,
    (p) => workDraft(p.settings),
    (d) => ({ settings: workOf(d) }),
  )
  const wrong = (field: string) => f.errors.get(field) ?? f.errors.get(`settings.${field}`)
  const number = (key: Exclude<keyof WorkDraft, 'verify' | 'isolation'>, min: number, max: number) => ({
    type: 'number',
    min,
    max,
    required: true,
    className: input,
    value: f.draft[key],
    onChange: (e: { target: { value: string } }) => f.set({ [key]: e.target.value }),
  })
  const commands = linesOf(f.draft.verify).length
  return (
    <div className="space-y-4">
      <Panel
        title="How agents work"
        text="These decide what runs on this machine, so they need the access admin. Nothing in the repository can change them."
      >
        <form
          onSubmit={(e) => {
            e.preventDefault()
            f.save()
          }}
        >
          <Labelled
            label="Verification"
            hint={
              commands === 0
                ? 'Shell commands, one a line. Without any, a task passes on the agent’s word alone.'
                : `One a line; ${commands === 1 ? 'it must' : `all ${commands} must`} exit 0 before a task passes.`
            }
            error={wrong('verify')}
          >
            {(aria) => (
              <textarea
                {...aria}
                rows={4}
                spellCheck={false}
                placeholder="npm test"
                className={`${input} h-auto! py-1.5 font-mono text-xs`}
                value={f.draft.verify}
                onChange={(e) => f.set({ verify: e.target.value })}
              />
            )}
          </Labelled>
          <div className="mt-4 grid gap-4 sm:grid-cols-2">
            <Labelled
              label="Time for verification (seconds)"
              hint="For all commands of one task together."
              error={wrong('verify_timeout_s')}
            >
              {(aria) => <input {...aria} {...number('verify_timeout_s', 1, 86_400)} />}
            </Labelled>
            <Labelled label="Failures before a task is blocked" error={wrong('max_failures')}>
              {(aria) => <input {...aria} {...number('max_failures', 1, 100)} />}
            </Labelled>
            <Labelled label="Agents on one feature at a time" error={wrong('writers_per_feature')}>
              {(aria) => <input {...aria} {...number('writers_per_feature', 1, 64)} />}
            </Labelled>
            <Labelled label="Agents at a time" hint="More wait their turn." error={wrong('max_agents')}>
              {(aria) => <input {...aria} {...number('max_agents', 1, 64)} />}
            </Labelled>
            <Labelled
              label="Seconds between two starts"
              hint="So that not all begin at once; 0: none."
              error={wrong('stagger_s')}
            >
              {(aria) => <input {...aria} {...number('stagger_s', 0, 3_600)} />}
            </Labelled>
            <Labelled
              label="Regression tests (% of tokens)"
              hint="What testers may take; 0: none."
              error={wrong('regression_percent')}
            >
              {(aria) => <input {...aria} {...number('regression_percent', 0, 100)} />}
            </Labelled>
            <Labelled
              label="Isolation"
              hint="Unless an agent's own options say otherwise."
              error={wrong('isolation')}
            >
              {(aria) => (
                <select
                  {...aria}
                  className={input}
                  value={f.draft.isolation}
                  onChange={(e) => f.set({ isolation: e.target.value as Schemas['Isolation'] })}
                >
                  {Object.entries(isolations).map(([value, name]) => (
                    <option key={value} value={value}>
                      {name}
                    </option>
                  ))}
                </select>
              )}
            </Labelled>
          </div>
          <SaveBar changed={f.changed} busy={f.busy} onDiscard={f.discard} />
        </form>
      </Panel>
      <Panel
        title="Agents and limits"
        text="Agents are added and steered on their own page; budgets limit what they use."
      >
        <p className="flex flex-wrap gap-4">
          <Link
            to="/p/$project/agents"
            params={{ project: project.name }}
            className="text-accent-text underline"
          >
            Agents of this project
          </Link>
          <Link
            to="/usage/settings"
            search={{ project: project.name }}
            className="text-accent-text underline"
          >
            Limit and budgets
          </Link>
        </p>
      </Panel>
    </div>
  )
}
