import type { ReactNode } from 'react'

export type PhaseDraft = { name: string; description: string }
type Props = {
  draft: PhaseDraft
  errors: Map<string, string>
  onChange: (draft: PhaseDraft) => void
  children?: ReactNode
}

const control = 'mt-1 w-full rounded-md border border-line-strong bg-surface px-2 aria-invalid:border-failed'

/** Name and text of a phase, with what the server says about them. */
export function PhaseFields({ draft, errors, onChange, children }: Props) {
  const problem = (name: string) =>
    errors.has(name) && (
      <span id={`phase-${name}-error`} role="alert" className="mt-1 block text-failed">
        {errors.get(name)}
      </span>
    )
  const field = (name: string) => ({
    'aria-invalid': errors.has(name),
    'aria-describedby': errors.has(name) ? `phase-${name}-error` : undefined,
  })
  return (
    <div className="space-y-3">
      <label className="block">
        <span className="font-medium">Name</span>
        <input
          {...field('name')}
          required
          maxLength={255}
          value={draft.name}
          onChange={(e) => onChange({ ...draft, name: e.target.value })}
          className={`${control} h-8 pointer-coarse:h-11`}
        />
        {problem('name')}
      </label>
      <label className="block">
        <span className="font-medium">What it is for</span>
        <textarea
          {...field('description')}
          rows={3}
          value={draft.description}
          onChange={(e) => onChange({ ...draft, description: e.target.value })}
          className={`${control} py-2`}
        />
        {problem('description')}
      </label>
      {children}
    </div>
  )
}
