import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { task as oneTask } from '@/lib/api/queries/tasks'

type Props = {
  project: string
  task: number | null | undefined
  name?: string | null | undefined
  feature?: number | null | undefined
  /** What is said without a task. */
  idle: string
}

/** The task an agent is on, as a link to the board with the task open. */
export function AgentTask({ project, task: id, name, feature, idle }: Props) {
  const { data } = useQuery({
    ...oneTask(project, id ?? 0),
    enabled: id != null && (feature == null || name == null),
  })
  if (id == null) return <p className="text-muted">{idle}</p>
  const board = feature ?? data?.feature_id
  const text = (
    <>
      <span className="mr-1.5 font-normal text-muted tabular-nums">#{id}</span>
      {name ?? data?.name ?? 'Task'}
    </>
  )
  if (board == null)
    return <p className="line-clamp-2 min-w-0 font-medium [overflow-wrap:anywhere]">{text}</p>
  return (
    <Link
      to="/p/$project/features/$feature"
      params={{ project, feature: board }}
      search={{ task: id }}
      className="line-clamp-2 min-w-0 font-medium [overflow-wrap:anywhere] hover:underline"
    >
      {text}
    </Link>
  )
}
