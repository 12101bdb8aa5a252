import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from '@/lib/format'
import type { MenuItem } from './Menu'

/** The menu itself, loaded when the first one is opened; it opens at once. */
export default function MenuOpen(p: { items: (MenuItem | false | null | undefined)[]; children: ReactNode }) {
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger asChild>{p.children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-40 min-w-44 rounded-lg border border-line bg-raised p-1 shadow-(--shadow-pop)"
        >
          {p.items.map((item) => item && <Row key={item.label} item={item} />)}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function Row({ item }: { item: MenuItem }) {
  return (
    <DropdownMenu.Item
      disabled={!!item.disabled}
      title={typeof item.disabled === 'string' ? item.disabled : undefined}
      onSelect={item.run}
      className={cx(
        'flex h-8 items-center gap-2 rounded-md px-2 outline-none data-disabled:opacity-50 data-highlighted:bg-hover pointer-coarse:h-11',
        item.danger && 'text-failed',
      )}
    >
      {item.icon && <item.icon size={14} aria-hidden className="shrink-0" />}
      <span className="flex-1">{item.label}</span>
      {item.keys && <kbd className="font-sans text-2xs text-subtle">{item.keys}</kbd>}
    </DropdownMenu.Item>
  )
}
