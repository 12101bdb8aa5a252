import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { Failed } from '@/components/ui/states'
import { useTitle } from '@/components/ui/useTitle'
import { Writable } from '@/components/ui/Writable'
import { project as oneProject } from '@/lib/api/queries/projects'
import { cx } from '@/lib/format'
import { DangerZone } from './DangerZone'
import { GeneralForm } from './GeneralForm'
import { Schedules } from './Schedules'
import { Tokens } from './Tokens'
import { Webhooks } from './Webhooks'
import { WorkForm } from './WorkForm'

const route = getRouteApi('/p/$project/settings')
const tabs = {
  general: 'General',
  work: 'How agents work',
  schedules: 'Schedules',
  webhooks: 'Webhooks',
  tokens: 'Tokens',
  danger: 'Danger zone',
}
type Tab = keyof typeof tabs

/** Everything that can be set for one project. */
export function ProjectSettings() {
  const { project } = route.useParams()
  const { tab: asked } = route.useSearch()
  const tab: Tab = asked ?? 'general'
  const { data, error } = useQuery(oneProject(project))
  useTitle('Settings', data?.title ?? project)
  const nav = useRef<HTMLElement>(null)
  // On a phone the row of tabs scrolls.
  useEffect(() => {
    nav.current?.querySelector(`[data-tab=${tab}]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [tab])
  return (
    <div className="mx-auto max-w-5xl p-4 sm:p-6">
      <h1 className="text-xl font-semibold tracking-tight">Settings</h1>
      <div className="mt-4 grid gap-4 md:grid-cols-[176px_minmax(0,1fr)] md:gap-8">
        <nav ref={nav} aria-label="Settings" className="flex gap-1 overflow-x-auto md:flex-col">
          {Object.entries(tabs).map(([key, name]) => (
            <route.Link
              key={key}
              data-tab={key}
              to="."
              search={key === 'general' ? {} : { tab: key as Exclude<Tab, 'general'> }}
              aria-current={key === tab ? 'page' : undefined}
              className={cx(
                'rounded-md px-2.5 py-1.5 whitespace-nowrap text-muted hover:bg-hover hover:text-fg pointer-coarse:py-3',
                key === tab && 'bg-hover font-medium text-fg',
              )}
            >
              {name}
            </route.Link>
          ))}
        </nav>
        {data ? (
          <Writable className="block">
            {tab === 'general' && <GeneralForm key={data.id} project={data} />}
            {tab === 'work' && <WorkForm key={data.id} project={data} />}
            {tab === 'schedules' && <Schedules project={project} />}
            {tab === 'webhooks' && <Webhooks project={data} />}
            {tab === 'tokens' && <Tokens project={data} />}
            {tab === 'danger' && <DangerZone project={data} />}
          </Writable>
        ) : error ? (
          <Failed error={error} />
        ) : (
          <div className="skeleton h-96 rounded-xl" />
        )}
      </div>
    </div>
  )
}
