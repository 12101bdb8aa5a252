import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { task as oneTask } from '@/lib/api/queries/tasks'

/** A task's name, as a link as soon as its feature is known. */
export function TaskLink({ project, id, name }: { project: string; id: number; name: string }) {
  const { data } = useQuery(oneTask(project, id))
  if (data?.feature_id == null) return name
  return (
    <Link
      to="/p/$project/features/$feature"
      params={{ project, feature: data.feature_id }}
      search={{ task: id }}
      className="inline-block py-0.5 hover:underline"
    >
      {name}
    </Link>
  )
}
