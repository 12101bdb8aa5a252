import { useQuery } from '@tanstack/react-query'
import { input, Labelled } from '@/components/ui/Labelled'
import { agents } from '@/lib/api/queries/agents'
import { features } from '@/lib/api/queries/features'
import { phases } from '@/lib/api/queries/phases'
import { projects } from '@/lib/api/queries/projects'
import type { BudgetDraft } from '@/lib/budgetDraft'

type Props = {
  draft: BudgetDraft
  errors: Map<string, string>
  onChange: (part: Partial<BudgetDraft>) => void
}

const scopes = {
  global: 'All projects together',
  project: 'A project',
  phase: 'A phase',
  feature: 'A feature',
  agent: 'An agent',
}

/** Whose usage a new budget counts. */
export function BudgetScope({ draft: d, errors, onChange }: Props) {
  const all = useQuery({ ...projects(), enabled: d.scope !== 'global' })
  const subjects = useSubjects(d)
  const choose = (scope: BudgetDraft['scope']) =>
    // The scheduler looks at budgets before it chooses a feature: such a budget can only warn.
    onChange({ scope, subject: '', ...(scope === 'feature' && { mode: 'warn' }) })
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Labelled label="Whose usage counts" error={errors.get('scope')}>
        {(aria) => (
          <select
            {...aria}
            className={input}
            value={d.scope}
            onChange={(e) => choose(e.target.value as BudgetDraft['scope'])}
          >
            {Object.entries(scopes).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {d.scope !== 'global' && (
        <Labelled label="Project" error={errors.get('project')}>
          {(aria) => (
            <select
              {...aria}
              className={input}
              value={d.project}
              onChange={(e) => onChange({ project: e.target.value, subject: '' })}
            >
              <option value="">Choose…</option>
              {all.data?.map((p) => (
                <option key={p.name} value={p.name}>
                  {p.title}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      )}
      {d.scope !== 'global' && d.scope !== 'project' && d.project && (
        <Labelled label={scopes[d.scope].replace(/^An? /, 'The ')} error={errors.get('subject')}>
          {(aria) => (
            <select
              {...aria}
              className={input}
              value={d.subject}
              onChange={(e) => onChange({ subject: e.target.value })}
            >
              <option value="">Choose…</option>
              {subjects.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      )}
    </div>
  )
}

function useSubjects({ scope, project }: BudgetDraft): { id: string; name: string }[] {
  const of = (kind: BudgetDraft['scope']) => ({ enabled: scope === kind && project !== '' })
  const phase = useQuery({ ...phases(project), ...of('phase') })
  const feature = useQuery({ ...features(project), ...of('feature') })
  const agent = useQuery({ ...agents(project), ...of('agent') })
  if (scope === 'phase') return phase.data?.map((p) => ({ id: String(p.id), name: p.name })) ?? []
  if (scope === 'feature') return feature.data?.map((f) => ({ id: String(f.id), name: f.name })) ?? []
  return agent.data?.map((a) => ({ id: a.id, name: a.id })) ?? []
}
