import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from '@/lib/format'
import { useFocusBack } from './useFocusBack'

/** Where writing begins; a dialog without a field starts at its first control. */
function focusField(e: Event) {
  const field = (e.currentTarget as Element).querySelector<HTMLElement>(
    'input:not([type]):enabled, input[type=text]:enabled, textarea:enabled',
  )
  if (!field) return
  e.preventDefault()
  field.focus()
}

/** A modal: in the middle on a desk, a sheet from below on a phone. */
export function Dialog(p: {
  title: string
  description?: string
  wide?: boolean
  onClose: () => void
  children: ReactNode
}) {
  const focusBack = useFocusBack()
  return (
    <Radix.Root open onOpenChange={(open) => !open && p.onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 bg-black/40" />
        <Radix.Content
          onOpenAutoFocus={focusField}
          onCloseAutoFocus={focusBack}
          onInteractOutside={(e) => {
            // Undo stays usable while a dialog is open.
            if ((e.target as Element | null)?.closest('[data-sonner-toaster]')) e.preventDefault()
          }}
          {...(p.description ? {} : { 'aria-describedby': undefined })}
          className={cx(
            'fixed inset-x-0 bottom-0 z-30 flex max-h-[92dvh] flex-col rounded-t-xl border border-line bg-raised shadow-(--shadow-pop) sm:inset-auto sm:top-1/2 sm:left-1/2 sm:max-h-[88dvh] sm:-translate-1/2 sm:rounded-xl',
            p.wide ? 'sm:w-[min(720px,calc(100vw-32px))]' : 'sm:w-[min(480px,calc(100vw-32px))]',
          )}
        >
          <header className="flex items-start gap-2 px-5 pt-4 pb-2">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold [overflow-wrap:anywhere]">{p.title}</Radix.Title>
              {p.description && (
                <Radix.Description className="mt-0.5 text-muted">{p.description}</Radix.Description>
              )}
            </div>
            <Radix.Close
              aria-label="Close"
              className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-hover pointer-coarse:size-11"
            >
              <X size={16} aria-hidden />
            </Radix.Close>
          </header>
          <div className="min-h-0 overflow-y-auto px-5 pb-5">{p.children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
