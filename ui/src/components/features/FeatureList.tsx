import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { Hand, ListTree, Plus, Waypoints } from 'lucide-react'
import { lazy, Suspense, useMemo } from 'react'
import { button } from '@/components/ui/button'
import { Clamped } from '@/components/ui/Clamped'
import { Progress, Status } from '@/components/ui/Status'
import { Empty, Failed } from '@/components/ui/states'
import { failed, undoable } from '@/components/ui/Toast'
import { Writable } from '@/components/ui/Writable'
import * as q from '@/lib/api/queries/features'
import * as p from '@/lib/api/queries/phases'
import { FeatureRow } from './FeatureRow'
import { GateNote } from './GateNote'

const AddFeatureModal = lazy(() => import('./AddFeatureModal'))
const route = getRouteApi('/p/$project/phases/$phase')

/** The features of one phase, in the order they are worked on. */
export function FeatureList() {
  const { project, phase } = route.useParams()
  const { add } = route.useSearch()
  const navigate = route.useNavigate()
  const info = useQuery(p.phase(project, phase))
  const { data, error } = useQuery(p.phaseFeatures(project, phase))
  const usage = useQuery(q.featureUsage(project))
  const edit = q.useEditFeatures(project)
  const list = useMemo(() => (data ? q.inOrder(data) : undefined), [data])
  const tokens = useMemo(
    () => new Map(usage.data?.items.map((i) => [i.id, i.tokens || i.rehearsal_tokens])),
    [usage.data],
  )
  const addFeature = (open: boolean) => void navigate({ search: open ? { add: 'feature' } : {} })
  const move = (id: number, place: number) => {
    const feature = list?.find((f) => f.id === id)
    const edits = list ? q.movedFeature(list, id, place) : []
    if (!feature || edits.length === 0) return
    edit.mutate(edits, {
      onSuccess: (saved) =>
        undoable(`“${feature.name}” moved`, () =>
          edit.mutate(
            saved.map((now) => ({
              feature: now,
              body: {
                priority: edits.find((e) => e.feature.id === now.id)?.feature.priority ?? now.priority,
              },
            })),
            { onError: (e) => failed(e, 'It keeps its new place') },
          ),
        ),
      onError: (e) => failed(e, 'The feature was not moved'),
    })
  }
  const ph = info.data
  if (info.error && !ph)
    return (
      <div className="p-4 sm:p-6">
        <h1 className="sr-only">Phase</h1>
        <Failed error={info.error} />
      </div>
    )
  return (
    <div className="mx-auto max-w-5xl p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">
          {ph?.name ?? <span className="skeleton inline-block h-6 w-48" />}
        </h1>
        {ph && <Status value={ph.status} />}
        {ph && (
          <div className="flex w-44 items-center gap-2 text-xs text-muted tabular-nums">
            <div className="flex-1">
              <Progress value={ph.tasks_completed} max={ph.task_count} label="Phase tasks" />
            </div>
            {ph.tasks_completed}/{ph.task_count}
          </div>
        )}
        <div className="ml-auto flex flex-wrap gap-2 max-sm:w-full max-sm:*:flex-1">
          <Link to="/p/$project/phases/$phase/graph" params={{ project, phase }} className={button.plain}>
            <Waypoints size={15} aria-hidden />
            Graph
          </Link>
          {ph?.status === 'awaiting_approval' && (
            <Link
              data-review
              to="/p/$project/phases/$phase/review"
              params={{ project, phase }}
              className={button.primary}
            >
              <Hand size={15} aria-hidden />
              Review and approve
            </Link>
          )}
          <Writable>
            <button
              type="button"
              className={`${ph?.status === 'awaiting_approval' ? button.plain : button.primary} max-sm:flex-1`}
              onClick={() => addFeature(true)}
            >
              <Plus size={15} aria-hidden />
              Add feature
            </button>
          </Writable>
        </div>
      </div>
      {ph?.description && <Clamped text={ph.description} className="mt-2 max-w-prose text-muted" />}
      {ph && <GateNote phase={ph} />}
      {error && !data ? (
        <div className="mt-5">
          <Failed error={error} />
        </div>
      ) : !list ? (
        <div role="status" aria-label="Loading features" className="mt-5 space-y-2">
          {[0, 1, 2, 3].map((i) => (
            <div key={i} className="skeleton h-14 rounded-xl" />
          ))}
        </div>
      ) : list.length === 0 ? (
        <Empty icon={<ListTree size={22} aria-hidden />} title="No features yet">
          <p>A feature is a larger piece of work. It gets a spec, and tasks from that spec.</p>
          <Writable>
            <button type="button" className={`${button.primary} mt-4`} onClick={() => addFeature(true)}>
              <Plus size={15} aria-hidden />
              Add the first feature
            </button>
          </Writable>
        </Empty>
      ) : (
        <ul
          aria-label="Features in order"
          className="mt-5 divide-y divide-line rounded-xl border border-line bg-surface"
        >
          {list.map((feature, i) => (
            <FeatureRow
              key={feature.id}
              feature={feature}
              project={project}
              tokens={tokens.get(feature.id) ?? 0}
              up={i > 0 ? () => move(feature.id, i - 1) : undefined}
              down={i < list.length - 1 ? () => move(feature.id, i + 1) : undefined}
              drop={(id) => move(id, i)}
            />
          ))}
        </ul>
      )}
      <Suspense>
        {add === 'feature' && (
          <AddFeatureModal project={project} phase={phase} onClose={() => addFeature(false)} />
        )}
      </Suspense>
      <Outlet />
    </div>
  )
}
