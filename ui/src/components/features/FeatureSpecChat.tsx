import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { KanbanSquare, PencilLine, Square } from 'lucide-react'
import { button } from '@/components/ui/button'
import { Status } from '@/components/ui/Status'
import { Failed } from '@/components/ui/states'
import { failed, said } from '@/components/ui/Toast'
import { Writable } from '@/components/ui/Writable'
import * as q from '@/lib/api/queries/features'
import { cx } from '@/lib/format'
import { ProposedTasks } from './ProposedTasks'
import { SpecConversation } from './SpecConversation'
import { SpecText } from './SpecText'
import { specState } from './specState'

const route = getRouteApi('/p/$project/features/$feature/spec')
const tabs = [
  ['chat', 'Chat'],
  ['spec', 'Spec'],
  ['tasks', 'Tasks'],
] as const

/** The conversation about a feature, its spec as it stands, and the tasks that follow from it. */
export function FeatureSpecChat() {
  const { project, feature } = route.useParams()
  const { tab = 'chat' } = route.useSearch()
  const navigate = route.useNavigate()
  const { data: f, error } = useQuery(q.feature(project, feature))
  const { request, stop } = q.useSpec(project, feature)
  const asked = f && (f.status === 'speccing' || f.spec_requested_at)
  if (error && !f)
    return (
      <div className="p-4 sm:p-6">
        <h1 className="sr-only">Spec</h1>
        <Failed error={error} />
      </div>
    )
  const pane = (name: typeof tab) => cx('min-h-0 flex-col', tab === name ? 'flex' : 'hidden', 'lg:flex')
  return (
    <div className="flex h-full min-h-0 flex-col p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">
          {f ? `Spec of ${f.name}` : <span className="skeleton inline-block h-6 w-56" />}
        </h1>
        {f && <Status value={f.status} />}
        {f && <span className="text-muted">Spec: {specState(f)}</span>}
        <div className="ml-auto flex flex-wrap gap-2">
          <Writable>
            {asked && (
              <button
                type="button"
                className={button.plain}
                disabled={stop.isPending}
                onClick={() =>
                  stop.mutate(undefined, {
                    onSuccess: () => said('Stopped. What is written stays.'),
                    onError: (e) => failed(e, 'Not stopped'),
                  })
                }
              >
                <Square size={13} aria-hidden />
                Stop
              </button>
            )}
            {f && !asked && f.task_count === 0 && (
              <button
                type="button"
                className={button.plain}
                disabled={request.isPending}
                onClick={() =>
                  request.mutate(undefined, {
                    onSuccess: () => said('Asked for. A spec writer takes it when one runs.'),
                    onError: (e) => failed(e, 'Not asked for'),
                  })
                }
              >
                <PencilLine size={14} aria-hidden />
                Ask an agent
              </button>
            )}
          </Writable>
          <Link to="/p/$project/features/$feature" params={{ project, feature }} className={button.plain}>
            <KanbanSquare size={14} aria-hidden />
            Board
          </Link>
        </div>
      </div>
      <div role="tablist" aria-label="Parts" className="mt-3 flex gap-1 border-b border-line lg:hidden">
        {tabs.map(([name, label]) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls={`pane-${name}`}
            onClick={() => void navigate({ search: { tab: name }, replace: true })}
            className={cx(
              '-mb-px h-9 border-b-2 px-3 font-medium pointer-coarse:h-11',
              tab === name ? 'border-accent text-fg' : 'border-transparent text-muted',
            )}
          >
            {label}
          </button>
        ))}
      </div>
      <div className="mt-4 grid min-h-0 flex-1 grid-rows-[minmax(0,1fr)] gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
        <section id="pane-chat" aria-label="Conversation" className={pane('chat')}>
          {f && <SpecConversation key={feature} feature={f} project={project} />}
        </section>
        <div className="flex min-h-0 flex-col gap-4">
          <section id="pane-spec" aria-label="Spec" className={cx(pane('spec'), 'flex-1')}>
            <Writable>{f && <SpecText key={feature} feature={f} project={project} />}</Writable>
          </section>
          <section
            id="pane-tasks"
            aria-label="Proposed tasks"
            className={cx(pane('tasks'), 'max-lg:flex-1 lg:max-h-[55%]')}
          >
            <Writable>{f && <ProposedTasks key={feature} feature={f} project={project} />}</Writable>
          </section>
        </div>
      </div>
    </div>
  )
}
