import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Schemas } from '@/lib/api/client'
import { cx } from '@/lib/format'
import { sentence, type Tone, tone } from './sentence'

type Props = { event: Schemas['Event']; project: string }

const dots: Record<Tone, string> = {
  done: 'bg-done',
  failed: 'bg-failed',
  approval: 'bg-approval',
  running: 'bg-running',
  plain: 'bg-line-strong',
}

/** One event: when, who, what, and a way to the thing itself. */
export function EventRow({ event, project }: Props) {
  const { who, what, name, more } = sentence(event)
  return (
    <div className="relative flex gap-3 py-1.5 pl-4">
      <span
        aria-hidden
        className={cx('absolute top-3 -left-[4.5px] size-2 rounded-full', dots[tone(event)])}
      />
      <time dateTime={event.at} className="w-10 shrink-0 text-xs leading-[18px] text-subtle tabular-nums">
        {new Date(event.at).toLocaleTimeString('en', {
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        })}
      </time>
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <span className="font-medium">{who}</span> {what}
        {name && (
          <>
            {' '}
            <Target event={event} project={project}>
              {name}
            </Target>
          </>
        )}
        {more && <p className="mt-0.5 line-clamp-3 text-muted">{more}</p>}
      </div>
    </div>
  )
}

/** A link to what the event is about; what was deleted has none. */
function Target({ event, project, children }: Props & { children: ReactNode }) {
  const [sort, id = ''] = event.subject.split(/:(.*)/s)
  const facts = (event.payload ?? {}) as Record<string, unknown>
  const look = 'font-medium text-accent-text hover:underline'
  if (event.kind.endsWith('.deleted')) return <span className="font-medium">{children}</span>
  if (sort === 'phase')
    return (
      <Link to="/p/$project/phases/$phase" params={{ project, phase: Number(id) }} className={look}>
        {children}
      </Link>
    )
  if (sort === 'feature')
    return (
      <Link to="/p/$project/features/$feature" params={{ project, feature: Number(id) }} className={look}>
        {children}
      </Link>
    )
  if (sort === 'task' && typeof facts.feature_id === 'number')
    return (
      <Link
        to="/p/$project/features/$feature"
        params={{ project, feature: facts.feature_id }}
        search={{ task: Number(id) }}
        className={look}
      >
        {children}
      </Link>
    )
  if (sort === 'agent')
    return (
      <Link to="/p/$project/agents/$agent" params={{ project, agent: id }} className={look}>
        {children}
      </Link>
    )
  return <span className="font-medium">{children}</span>
}
