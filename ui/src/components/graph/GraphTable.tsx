import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { button } from '@/components/ui/button'
import { TaskState } from '@/components/ui/Status'
import type { Card } from '@/lib/api/board'
import type { Schemas } from '@/lib/api/client'
import { groupBy } from '@/lib/group'

type Props = {
  project: string
  tasks: Card[]
  edges: Schemas['GraphEdge'][]
  critical: ReadonlySet<number>
  open: boolean
}

const PART = 100

/** The graph in words: each task with what it waits for and what waits for it. */
export function GraphTable({ project, tasks, edges, critical, open }: Props) {
  const [shown, setShown] = useState(PART)
  const before = useMemo(() => groupBy(edges, (e) => e.task_id), [edges])
  const after = useMemo(() => groupBy(edges, (e) => e.depends_on), [edges])
  const numbers = (ids: number[]) => (ids.length > 0 ? ids.map((id) => `#${id}`).join(', ') : '–')
  return (
    <details className="mt-3 shrink-0" open={open}>
      <summary className="cursor-pointer font-medium text-accent-text">Show as a table</summary>
      <div tabIndex={0} className="mt-2 max-h-96 overflow-auto rounded-xl border border-line bg-surface">
        <table className="w-full text-left">
          <thead className="sticky top-0 bg-surface text-xs text-muted">
            <tr className="*:px-3 *:py-2 *:font-medium">
              <th>Task</th>
              <th>State</th>
              <th>Waits for</th>
              <th>Waited for by</th>
              <th>Critical</th>
            </tr>
          </thead>
          <tbody>
            {tasks.slice(0, shown).map((t) => (
              <tr key={t.id} className="border-t border-line *:px-3 *:py-1.5 *:align-top">
                <td className="min-w-48 [overflow-wrap:anywhere]">
                  <Link
                    to="/p/$project/features/$feature"
                    params={{ project, feature: t.feature_id }}
                    search={{ task: t.id }}
                    preload={false}
                    className="hover:underline"
                  >
                    <span className="text-muted tabular-nums">#{t.id}</span> {t.name}
                  </Link>
                </td>
                <td className="whitespace-nowrap">
                  <TaskState value={t.status} />
                </td>
                <td className="tabular-nums">{numbers((before.get(t.id) ?? []).map((e) => e.depends_on))}</td>
                <td className="tabular-nums">{numbers((after.get(t.id) ?? []).map((e) => e.task_id))}</td>
                <td>{critical.has(t.id) ? 'yes' : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {tasks.length > shown && (
        <button type="button" className={`${button.plain} mt-2`} onClick={() => setShown(shown + PART)}>
          Show more of {tasks.length}
        </button>
      )}
    </details>
  )
}
