import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { Empty, Failed } from '@/components/ui/states'
import { useTitle } from '@/components/ui/useTitle'
import { Writable } from '@/components/ui/Writable'
import * as q from '@/lib/api/queries/inbox'
import { projects as allProjects } from '@/lib/api/queries/projects'
import { InboxCard } from './InboxCard'

const route = getRouteApi('/inbox')

/** Everything that waits for a person, each with the one thing it needs. */
export function Inbox() {
  const { project } = route.useSearch()
  const navigate = route.useNavigate()
  const { data, error } = useQuery(q.inbox(project))
  const projects = useQuery(allProjects())
  useTitle('Inbox')
  return (
    <div className="mx-auto max-w-3xl p-4 sm:p-6">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h1 className="text-xl font-semibold tracking-tight">
          Inbox
          {data && data.length > 0 && (
            <span className="ml-2 text-base font-normal text-muted">{data.length}</span>
          )}
        </h1>
        <select
          aria-label="Of which project"
          value={project ?? ''}
          onChange={({ target: { value } }) => void navigate({ search: value ? { project: value } : {} })}
          className="h-8 max-w-56 rounded-md border border-line-strong bg-surface px-2 pointer-coarse:h-11"
        >
          <option value="">All projects</option>
          {projects.data?.map((p) => (
            <option key={p.name} value={p.name}>
              {p.title}
            </option>
          ))}
        </select>
      </header>
      {error && !data ? (
        <div className="mt-4">
          <Failed error={error} />
        </div>
      ) : !data ? (
        <div className="mt-4 space-y-3">
          {[0, 1, 2].map((i) => (
            <div key={i} className="skeleton h-28 rounded-xl" />
          ))}
        </div>
      ) : data.length === 0 ? (
        <Empty icon={<CircleCheck size={22} aria-hidden />} title="Nothing needs you">
          <p>Approvals, questions and failures appear here; until then the agents go on.</p>
        </Empty>
      ) : (
        <Writable className="block">
          <ul className="mt-4 space-y-3">
            {data.map((item) => (
              <li key={`${item.kind}-${item.project_name}-${item.id}`}>
                <InboxCard
                  item={item}
                  title={projects.data?.find((p) => p.name === item.project_name)?.title}
                />
              </li>
            ))}
          </ul>
        </Writable>
      )}
    </div>
  )
}
