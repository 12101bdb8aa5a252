import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { History } from 'lucide-react'
import { useMemo } from 'react'
import { button } from '@/components/ui/button'
import { Empty, Failed } from '@/components/ui/states'
import { useTitle } from '@/components/ui/useTitle'
import * as q from '@/lib/api/queries/settings'
import { dayName, rowsOf } from './rows'
import type { About } from './sentence'
import { Timeline } from './Timeline'

const route = getRouteApi('/p/$project/activity')
const parts: Record<About | 'all', string> = {
  all: 'Everything',
  phases: 'Phases',
  tasks: 'Features and tasks',
  agents: 'Agents',
  settings: 'Project and limits',
}

/** Everything that happened in a project, newest first, day by day. */
export function Activity() {
  const { project } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(q.events(project))
  const wanted = search.about
  useTitle('Activity', project)
  const rows = useMemo(() => rowsOf(data?.pages.flatMap((p) => p.items) ?? [], wanted), [data, wanted])
  const oldest = data?.pages.at(-1)?.items.at(-1)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="mx-auto flex w-full max-w-3xl px-4 pt-4 sm:px-6 sm:pt-6 flex-wrap items-center justify-between gap-2">
        <h1 className="text-xl font-semibold tracking-tight">Activity</h1>
        <select
          aria-label="About what"
          value={wanted ?? 'all'}
          onChange={({ target: { value } }) =>
            void navigate({ search: value === 'all' ? {} : { about: value as About }, replace: true })
          }
          className="h-8 rounded-md border border-line-strong bg-surface px-2 pointer-coarse:h-11"
        >
          {Object.entries(parts).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </header>
      {error && !data ? (
        <div className="mx-auto mt-4 w-full max-w-3xl px-4 sm:px-6">
          <Failed error={error} />
        </div>
      ) : !data ? (
        <div className="mx-auto mt-6 w-full max-w-3xl space-y-3 px-4 sm:px-6">
          {Array.from({ length: 10 }, (_, i) => (
            <div key={i} className="skeleton h-6" />
          ))}
        </div>
      ) : rows.length === 0 && !hasNextPage ? (
        <Empty icon={<History size={22} aria-hidden />} title="Nothing has happened yet">
          <p>What people and agents do appears here as it happens.</p>
        </Empty>
      ) : (
        <Timeline rows={rows} project={project}>
          {hasNextPage && (
            <div className="flex flex-wrap items-center justify-center gap-3 py-4">
              <button
                type="button"
                className={button.plain}
                disabled={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
              >
                {isFetchingNextPage ? 'Reading…' : 'Show older'}
              </button>
              {oldest && <span className="text-xs text-muted">so far back to {dayName(oldest.at)}</span>}
            </div>
          )}
        </Timeline>
      )}
    </div>
  )
}
