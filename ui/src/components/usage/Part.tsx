import type { ReactNode } from 'react'
import { Failed } from '@/components/ui/states'

export const panel = 'min-w-0 rounded-xl border border-line bg-surface p-4'

type PartProps<T> = {
  query: { data: T | undefined; error: Error | null }
  height: number
  label: string
  children: (data: T) => ReactNode
}

/** A region that loads and fails for itself. */
export function Part<T>({ query, height, label, children }: PartProps<T>) {
  return (
    <section className={panel} aria-label={label}>
      {query.data ? (
        children(query.data)
      ) : query.error ? (
        <Failed error={query.error} />
      ) : (
        <div className="skeleton" style={{ height }} />
      )}
    </section>
  )
}
