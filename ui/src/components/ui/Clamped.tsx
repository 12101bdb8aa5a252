import { useState } from 'react'
import { cx } from '@/lib/format'

/** Text of any length that takes three lines until it is opened. */
export function Clamped({ text, className }: { text: string; className?: string }) {
  const [open, setOpen] = useState(false)
  const long = text.length > 300 || text.split('\n', 4).length > 3
  return (
    <div className={cx('min-w-0 [overflow-wrap:anywhere]', className)}>
      <p className={cx('whitespace-pre-line', long && !open && 'line-clamp-3')}>
        {open ? text : text.slice(0, 1000)}
      </p>
      {long && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="min-h-6 font-medium text-accent-text hover:underline pointer-coarse:min-h-11"
        >
          {open ? 'Less' : 'More'}
        </button>
      )}
    </div>
  )
}
