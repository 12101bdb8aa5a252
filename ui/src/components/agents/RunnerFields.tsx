import { input, Labelled } from '@/components/ui/Labelled'
import { type AgentDraft, ownProgram } from './draft'

type Props = { draft: AgentDraft; error: string | undefined; onChange: (part: Partial<AgentDraft>) => void }

const isolations = {
  '': 'As the project says',
  auto: 'A sandbox where one works',
  bubblewrap: 'A sandbox, or it does not start',
  none: 'No sandbox',
} satisfies Record<AgentDraft['isolation'], string>

/** How far its process is kept from the machine. */
export function IsolationField({ draft: d, onChange }: Omit<Props, 'error'>) {
  if (d.runner === 'rehearsal' || d.runner === 'external') return null
  return (
    <Labelled label="Isolation">
      {(aria) => (
        <select
          {...aria}
          className={input}
          value={d.isolation}
          onChange={(e) => onChange({ isolation: e.target.value as AgentDraft['isolation'] })}
        >
          {Object.entries(isolations).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  )
}

/** What only this kind of runner wants to know. */
export function RunnerFields({ draft: d, error, onChange }: Props) {
  if (ownProgram(d.runner))
    return (
      <Labelled
        label="Program and arguments"
        hint="One part a line. {prompt_file}, {workdir}, {mcp_config} and {task_id} are filled in."
        error={error}
      >
        {(aria) => (
          <textarea
            {...aria}
            rows={3}
            value={d.command}
            onChange={(e) => onChange({ command: e.target.value })}
            className="w-full rounded-md border border-line-strong bg-surface p-2 font-mono text-xs"
          />
        )}
      </Labelled>
    )
  if (d.runner !== 'rehearsal') return null
  const number = (
    key: 'speed' | 'fail_rate' | 'seed',
    limits: { min: number; max?: number; step: number | 'any' },
  ) => ({
    type: 'number',
    className: input,
    value: d[key],
    onChange: (e: { target: { value: string } }) => onChange({ [key]: e.target.value }),
    ...limits,
  })
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <Labelled label="Speed" hint="Times faster than life." error={error}>
        {(aria) => <input {...aria} {...number('speed', { min: 0.001, max: 100_000, step: 'any' })} />}
      </Labelled>
      <Labelled label="Share that fails" hint="From 0 to 1.">
        {(aria) => <input {...aria} {...number('fail_rate', { min: 0, max: 1, step: 'any' })} />}
      </Labelled>
      <Labelled label="Seed" hint="The same plays the same.">
        {(aria) => <input {...aria} {...number('seed', { min: 0, step: 1 })} />}
      </Labelled>
    </div>
  )
}
