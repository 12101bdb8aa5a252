import { type ReactNode, useId } from 'react'
import { cx } from '@/lib/format'

/** The look of a text field or a choice. */
export const input =
  'h-8 w-full rounded-md border border-line-strong bg-surface px-2 disabled:opacity-60 aria-invalid:border-failed pointer-coarse:h-11'

type Aria = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }
type Props = {
  label: string
  hint?: ReactNode
  error?: string | undefined
  className?: string
  /** Draws the control, with what ties it to its label, hint and error. */
  children: (aria: Aria) => ReactNode
}

/** A control with its name above, a hint below, and in its place what is wrong. */
export function Labelled({ label, hint, error, className, children }: Props) {
  const id = useId()
  const told = error ?? hint
  return (
    <div className={cx('min-w-0', className)}>
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <div className="mt-1">
        {children({
          id,
          'aria-describedby': told ? `${id}-told` : undefined,
          'aria-invalid': error ? true : undefined,
        })}
      </div>
      {told && (
        <p
          id={`${id}-told`}
          role={error ? 'alert' : undefined}
          className={cx('mt-1 text-xs first-letter:uppercase', error ? 'text-failed' : 'text-muted')}
        >
          {told}
        </p>
      )}
    </div>
  )
}
