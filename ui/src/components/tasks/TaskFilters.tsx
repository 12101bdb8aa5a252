type Props = {
  words: string
  category: string | undefined
  agent: string | undefined
  categories: string[]
  agents: string[]
  onChange: (change: { q?: string; category?: string; agent?: string }) => void
}

const control = 'h-8 rounded-md border border-line-strong bg-surface px-2 pointer-coarse:h-11'

export function TaskFilters({ words, category, agent, categories, agents, onChange }: Props) {
  return (
    <search className="mt-3 flex flex-wrap gap-2">
      <input
        type="search"
        aria-label="Filter tasks by name"
        placeholder="Filter by name"
        value={words}
        onChange={(e) => onChange({ q: e.target.value || undefined })}
        className={`${control} w-56 min-w-0 max-sm:w-auto max-sm:flex-1`}
      />
      <Choice
        label="Category"
        all="All categories"
        value={category}
        values={categories}
        onChange={(value) => onChange({ category: value })}
      />
      <Choice
        label="Agent"
        all="All agents"
        value={agent}
        values={agents}
        onChange={(value) => onChange({ agent: value })}
      />
    </search>
  )
}

type ChoiceProps = {
  label: string
  all: string
  value: string | undefined
  values: string[]
  onChange: (value: string | undefined) => void
}

function Choice({ label, all, value, values, onChange }: ChoiceProps) {
  const list = value && !values.includes(value) ? [value, ...values] : values // one from the address stays visible
  if (list.length === 0) return null
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(e) => onChange(e.target.value || undefined)}
      className={`${control} min-w-0 max-w-44`}
    >
      <option value="">{all}</option>
      {list.map((v) => (
        <option key={v} value={v}>
          {v}
        </option>
      ))}
    </select>
  )
}
