import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { Failed } from '@/components/ui/states'
import { useTitle } from '@/components/ui/useTitle'
import { Writable } from '@/components/ui/Writable'
import * as q from '@/lib/api/queries/usage'
import { Budgets } from './Budgets'
import { LimitForm } from './LimitForm'
import { panel } from './Part'
import { Prices } from './Prices'

/** The monthly limit and its thresholds, budgets, and prices. */
export function UsageSettings() {
  useTitle('Usage settings')
  const settings = useQuery(q.usageSettings())
  const stats = useQuery(q.usage())
  return (
    <div className="mx-auto max-w-5xl space-y-4 p-4 sm:p-6">
      <header>
        <Link to="/usage" className="inline-flex items-center gap-1 text-muted hover:text-fg">
          <ArrowLeft size={14} aria-hidden />
          Usage
        </Link>
        <h1 className="mt-1 text-xl font-semibold tracking-tight">Usage settings</h1>
      </header>
      <Writable className="block space-y-4">
        <section className={panel} aria-label="Monthly limit">
          {settings.data && stats.data ? (
            <LimitForm settings={settings.data} stats={stats.data} />
          ) : settings.error ? (
            <Failed error={settings.error} />
          ) : (
            <div className="skeleton h-96" />
          )}
        </section>
        <section className={panel} aria-label="Budgets">
          <Budgets zone={settings.data?.time_zone ?? 'UTC'} />
        </section>
        <section className={panel} aria-label="Prices">
          <Prices />
        </section>
      </Writable>
    </div>
  )
}
