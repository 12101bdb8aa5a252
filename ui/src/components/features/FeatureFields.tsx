export type FeatureDraft = { name: string; description: string }
type Props = {
  draft: FeatureDraft
  errors: Map<string, string>
  onChange: (draft: FeatureDraft) => void
  hint?: string
}

const control = 'mt-1 w-full rounded-md border border-line-strong bg-surface px-2 aria-invalid:border-failed'

export function FeatureFields({ draft, errors, onChange, hint }: Props) {
  const problem = (name: string) =>
    errors.has(name) && (
      <span id={`feature-${name}-error`} role="alert" className="mt-1 block text-failed">
        {errors.get(name)}
      </span>
    )
  const field = (name: string) => ({
    'aria-invalid': errors.has(name),
    'aria-describedby': errors.has(name) ? `feature-${name}-error` : undefined,
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
        <span className="font-medium">What it should do</span>
        <textarea
          {...field('description')}
          rows={5}
          placeholder={hint}
          value={draft.description}
          onChange={(e) => onChange({ ...draft, description: e.target.value })}
          className={`${control} py-2`}
        />
        {problem('description')}
      </label>
    </div>
  )
}
