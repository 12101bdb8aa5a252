import { type ReactNode, useId } from 'react'

type Props<T extends string | number> = {
  label: string
  options: { name: string; value: T }[]
  value: T
  onChange: (value: T) => void
  children?: ReactNode
}

/** One choice of a few, all of them visible. */
export function Segments<T extends string | number>({ label, options, value, onChange, children }: Props<T>) {
  const name = useId()
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <fieldset className="inline-flex flex-wrap rounded-md border border-line bg-sunken p-0.5">
        <legend className="sr-only">{label}</legend>
        {options.map((o) => (
          <label
            key={o.value}
            className="cursor-pointer rounded px-2.5 py-1 text-xs text-muted has-checked:bg-surface has-checked:font-medium has-checked:text-fg has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:py-2.5"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={o.value === value}
              onChange={() => onChange(o.value)}
            />
            {o.name}
          </label>
        ))}
      </fieldset>
      {children}
    </div>
  )
}
