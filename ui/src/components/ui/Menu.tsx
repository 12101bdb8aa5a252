import { Ellipsis, type LucideIcon } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'

export type MenuItem = {
  label: string
  icon?: LucideIcon
  run: () => void
  /** A reason is shown. */
  disabled?: boolean | string
  danger?: boolean
  keys?: string
}

const load = () => import('./MenuOpen')
const MenuOpen = lazy(load)

/** The commands of a thing, behind three dots. What draws them is loaded when a person comes near. */
export function Menu({ label, items }: { label: string; items: (MenuItem | false | null | undefined)[] }) {
  const [used, setUsed] = useState(false)
  const dots = (
    <button
      type="button"
      aria-label={label}
      aria-haspopup="menu"
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={used ? undefined : () => setUsed(true)}
      className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-fg pointer-coarse:size-11"
    >
      <Ellipsis size={16} aria-hidden />
    </button>
  )
  if (!used) return dots
  return (
    <Suspense fallback={dots}>
      <MenuOpen items={items}>{dots}</MenuOpen>
    </Suspense>
  )
}
