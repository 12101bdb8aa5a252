import type { ReactNode } from 'react'

/** A part of the settings: what it is about, and one action beside it. */
export function Panel(p: { title: string; text?: ReactNode; action?: ReactNode; children?: ReactNode }) {
  return (
    <section aria-label={p.title} className="rounded-xl border border-line bg-surface p-4">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">{p.title}</h2>
          {p.text && <p className="mt-0.5 text-muted">{p.text}</p>}
        </div>
        {p.action}
      </div>
      {p.children && <div className="mt-4">{p.children}</div>}
    </section>
  )
}
