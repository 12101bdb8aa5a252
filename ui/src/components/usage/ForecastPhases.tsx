import type { Schemas } from '@/lib/api/client'
import { fmtCompact, fmtDay } from '@/lib/format'

/** What the plays come to, phase by phase, under the policy that is in force. */
export function ForecastPhases({ simulation: s }: { simulation: Schemas['Simulation'] }) {
  const outcome = s.policies.find((p) => p.policy === 'default') ?? s.policies[0]
  if (!outcome) return null
  return (
    <details className="mt-2">
      <summary className="cursor-pointer py-1 text-muted">Phase by phase</summary>
      <section aria-label="Forecast of each phase" tabIndex={0} className="overflow-x-auto">
        <table className="mt-1 w-full text-xs tabular-nums">
          <thead>
            <tr className="text-muted">
              <th scope="col" className="py-1 text-left font-medium">
                Phase
              </th>
              <th scope="col" className="pl-4 text-right font-medium">
                Features finished
              </th>
              <th scope="col" className="pl-4 text-right font-medium">
                Finished whole
              </th>
              <th scope="col" className="pl-4 text-right font-medium">
                By
              </th>
            </tr>
          </thead>
          <tbody>
            {outcome.by_phase.map((p) => (
              <tr key={p.id} className="border-t border-line">
                <th scope="row" className="max-w-48 truncate py-1 text-left font-normal">
                  {p.name}
                </th>
                <td className="pl-4 text-right">
                  {p.finished.low === p.finished.high
                    ? p.finished.median
                    : `${p.finished.low}–${p.finished.high}`}{' '}
                  of {p.features}
                </td>
                <td className="pl-4 text-right">{Math.round(p.complete_percentage)}%</td>
                <td className="pl-4 text-right">{p.finished_at ? fmtDay(p.finished_at.median) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="mt-2 text-xs text-muted">
        From {s.plays} plays of the plan with {s.agents} {s.agents === 1 ? 'agent' : 'agents'}; the open tasks
        take {fmtCompact(s.tokens_needed.low)} to {fmtCompact(s.tokens_needed.high)} tokens
        {s.learned_from === 0
          ? ' (a guess: no task has finished yet).'
          : `, learned from ${s.learned_from} finished tasks.`}
      </p>
    </details>
  )
}
