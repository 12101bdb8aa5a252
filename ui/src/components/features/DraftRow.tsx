import { Pencil } from 'lucide-react'
import { useState } from 'react'
import type { Draft, Fields } from './proposed'

type Props = {
  draft: Draft
  ticked: boolean
  onTick: (on: boolean) => void
  onEdit: (fields: Fields) => void
}

const control = 'mt-0.5 w-full rounded-md border border-line-strong bg-surface px-2 text-sm text-fg'

/** A proposed task: ticked ones are made; every field can be changed before. */
export function DraftRow({ draft: d, ticked, onTick, onEdit }: Props) {
  const [open, setOpen] = useState(false)
  const set = (change: Partial<Fields>) => {
    const { name, description, category, estimated_complexity, steps } = d
    onEdit({ name, description, category, estimated_complexity, steps, ...change })
  }
  return (
    <li className="px-4 py-2">
      <div className="flex items-start gap-2.5">
        <input
          type="checkbox"
          aria-label={`Create “${d.name}”`}
          className="mt-0.5 size-4 shrink-0 accent-accent pointer-coarse:size-6"
          checked={ticked}
          onChange={(e) => onTick(e.target.checked)}
        />
        <div className={`min-w-0 flex-1 ${ticked ? '' : 'text-muted line-through'}`}>
          <p className="[overflow-wrap:anywhere]">{d.name || 'Without a name'}</p>
          <p className="text-xs text-muted">
            {d.category} · complexity {d.estimated_complexity} of 5
            {d.steps.length > 0 && ` · ${d.steps.length} ${d.steps.length === 1 ? 'step' : 'steps'}`}
            {d.depends_on.length > 0 && ` · waits for ${d.depends_on.length}`}
            {d.proposal === undefined && ' · from the spec'}
          </p>
        </div>
        <button
          type="button"
          aria-expanded={open}
          aria-label={`Edit “${d.name}”`}
          className="grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-fg pointer-coarse:size-11"
          onClick={() => setOpen(!open)}
        >
          <Pencil size={14} aria-hidden />
        </button>
      </div>
      {open && (
        <div className="mt-2 grid grid-cols-2 gap-2 pl-6 text-xs text-muted">
          <label className="col-span-2">
            Name
            <input
              value={d.name}
              maxLength={255}
              onChange={(e) => set({ name: e.target.value })}
              className={`${control} h-8`}
            />
          </label>
          <label className="col-span-2">
            Description
            <textarea
              rows={3}
              value={d.description}
              onChange={(e) => set({ description: e.target.value })}
              className={`${control} py-1.5`}
            />
          </label>
          <label className="col-span-2">
            Steps, one a line
            <textarea
              rows={3}
              value={d.steps.join('\n')}
              onChange={(e) => set({ steps: e.target.value ? e.target.value.split('\n') : [] })}
              className={`${control} py-1.5`}
            />
          </label>
          <label>
            Category
            <input
              value={d.category}
              onChange={(e) => set({ category: e.target.value })}
              className={`${control} h-8`}
            />
          </label>
          <label>
            Complexity
            <select
              value={d.estimated_complexity}
              onChange={(e) => set({ estimated_complexity: Number(e.target.value) })}
              className={`${control} h-8`}
            >
              {[1, 2, 3, 4, 5].map((n) => (
                <option key={n} value={n}>
                  {n} of 5
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
    </li>
  )
}
