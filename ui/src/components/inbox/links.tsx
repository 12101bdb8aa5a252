import { Link } from '@tanstack/react-router'
import { button } from '@/components/ui/button'
import type { InboxItem } from '@/lib/api/queries/inbox'

type Props = { item: InboxItem }

/** Where a phase is approved or sent back. */
export function GateLinks({ item }: Props) {
  const params = { project: item.project_name, phase: item.id }
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      <p className="mr-auto text-muted">Every task of the phase passes.</p>
      <Link to="/p/$project/phases/$phase/review" params={params} className={button.primary}>
        Review and approve
      </Link>
    </div>
  )
}

/** Where a feature gets its spec and its tasks. */
export function SpecLinks({ item }: Props) {
  const params = { project: item.project_name, feature: item.id }
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      <p className="mr-auto text-muted">It has neither a spec nor tasks.</p>
      <Link to="/p/$project/features/$feature" params={params} className={button.plain}>
        Add tasks by hand
      </Link>
      <Link to="/p/$project/features/$feature/spec" params={params} className={button.primary}>
        Write the spec
      </Link>
    </div>
  )
}

/** Where a budget is looked at and changed. */
export function BudgetLinks({ item }: Props) {
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      <p className="mr-auto text-muted">Work at hand finishes; then the agents wait.</p>
      <Link to="/usage" search={{ project: item.project_name }} className={button.plain}>
        See the usage
      </Link>
      <Link to="/usage/settings" className={button.primary}>
        Change the limit
      </Link>
    </div>
  )
}
