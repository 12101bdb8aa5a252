import { useQuery } from '@tanstack/react-query'
import { Waypoints } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { Empty, Failed } from '@/components/ui/states'
import type { Card } from '@/lib/api/board'
import * as q from '@/lib/api/queries/tasks'
import { GraphCanvas } from './GraphCanvas'
import { GraphTable } from './GraphTable'
import { layout } from './layout'

type Props = {
  project: string
  of: q.GraphOf
  title: ReactNode
  /** A second word on each box: the feature, where there are several. */
  group: (task: Card) => string
}

/** What waits for what: the picture, and the same as a table. */
export function GraphScreen({ project, of, title, group }: Props) {
  const { data, error } = useQuery(q.graph(project, of))
  const { drawn, loose, picture } = useMemo(() => {
    const nodes = data?.nodes ?? []
    const links = data?.edges.map((e) => ({ from: e.depends_on, to: e.task_id })) ?? []
    const linked = new Set(links.flatMap((l) => [l.from, l.to]))
    const drawn = nodes.filter((n) => linked.has(n.id))
    const boxes = drawn.map((n) => ({ id: n.id, weight: n.passes ? 0 : n.estimated_complexity }))
    return { drawn, loose: nodes.filter((n) => !linked.has(n.id)), picture: layout(boxes, links) }
  }, [data])
  const left = drawn.filter((t) => picture.critical.has(t.id) && !t.passes)
  return (
    <div className="flex h-full min-h-0 flex-col p-4 sm:p-6">
      <h1 className="text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{title}</h1>
      {error && !data ? (
        <div className="mt-4">
          <Failed error={error} />
        </div>
      ) : !data ? (
        <div
          role="status"
          aria-label="Loading the graph"
          className="skeleton mt-4 min-h-64 flex-1 rounded-xl"
        />
      ) : data.nodes.length === 0 ? (
        <Empty icon={<Waypoints size={22} aria-hidden />} title="No tasks yet">
          The graph appears with the first tasks.
        </Empty>
      ) : (
        <>
          <p className="mt-1 text-muted">
            {left.length > 0
              ? `Critical path: ${left.length} open ${left.length === 1 ? 'task' : 'tasks'} one after another. The rest can run beside it.`
              : drawn.length > 0
                ? 'No open task waits for another open one.'
                : 'No task waits for another: all can run at once.'}
          </p>
          {drawn.length > 0 && (
            <GraphCanvas project={project} tasks={drawn} picture={picture} group={group} />
          )}
          <GraphTable
            project={project}
            tasks={[...drawn, ...loose]}
            edges={data.edges}
            critical={picture.critical}
            open={drawn.length === 0}
          />
        </>
      )}
    </div>
  )
}
