import { Link } from '@tanstack/react-router'
import { Ban, Gauge, Hand, type LucideIcon, MessageCircleQuestion, PencilLine } from 'lucide-react'
import type { ReactNode } from 'react'
import type { InboxItem } from '@/lib/api/queries/inbox'
import { cx, fmtDateTime } from '@/lib/format'
import { AnswerForm } from './AnswerForm'
import { BlockedForm } from './BlockedForm'
import { BudgetLinks, GateLinks, SpecLinks } from './links'
import { TaskLink } from './TaskLink'

const kinds: Record<InboxItem['kind'], { name: string; icon: LucideIcon; bad?: boolean }> = {
  gate: { name: 'Waits for approval', icon: Hand },
  question: { name: 'An agent asks', icon: MessageCircleQuestion },
  blocked: { name: 'Blocked', icon: Ban, bad: true },
  spec: { name: 'Needs a spec', icon: PencilLine },
  budget: { name: 'Budget stops work', icon: Gauge, bad: true },
}

const needs: Record<InboxItem['kind'], (item: InboxItem) => ReactNode> = {
  gate: (item) => <GateLinks item={item} />,
  question: (item) => <AnswerForm item={item} />,
  blocked: (item) => <BlockedForm item={item} />,
  spec: (item) => <SpecLinks item={item} />,
  budget: (item) => <BudgetLinks item={item} />,
}

/** One thing that waits, and what answers it. */
export function InboxCard({ item, title }: { item: InboxItem; title: string | undefined }) {
  const { name, icon: Icon, bad } = kinds[item.kind]
  const ofTask = item.kind === 'question' || item.kind === 'blocked'
  return (
    <article
      aria-label={`${name}: ${item.name}`}
      className={cx(
        'rounded-xl border border-l-4 bg-surface p-4',
        bad ? 'border-line border-l-failed' : 'border-line border-l-approval',
      )}
    >
      <p className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
        <span
          className={cx('inline-flex items-center gap-1 font-medium', bad ? 'text-failed' : 'text-approval')}
        >
          <Icon size={14} aria-hidden />
          {name}
        </span>
        <Link
          to="/p/$project"
          params={{ project: item.project_name }}
          className="truncate py-1 hover:underline"
        >
          {title ?? item.project_name}
        </Link>
        <time dateTime={item.since} className="ml-auto tabular-nums">
          since {fmtDateTime(item.since)}
        </time>
      </p>
      <h2 className="mt-0.5 text-base font-semibold [overflow-wrap:anywhere]">
        {ofTask ? <TaskLink project={item.project_name} id={item.id} name={item.name} /> : item.name}
      </h2>
      {item.text && (
        <p className="mt-1 max-h-40 overflow-y-auto whitespace-pre-wrap [overflow-wrap:anywhere]">
          {item.text}
        </p>
      )}
      <div className="mt-3">{needs[item.kind](item)}</div>
    </article>
  )
}
