import { lazy, Suspense, useSyncExternalStore } from 'react'
import { ApiError } from '@/lib/api/client'

/** Loaded with the first toast: a page that says nothing does not pay for it. */
const load = () => import('sonner')
const Toaster = lazy(() => load().then((m) => ({ default: m.Toaster })))

let used = false
const watchers = new Set<() => void>()
const show = (one: (toast: Awaited<ReturnType<typeof load>>['toast']) => void) => {
  used = true
  for (const watcher of watchers) watcher()
  void load().then(({ toast }) => one(toast))
}
const subscribe = (watcher: () => void) => {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

export const said = (text: string) => show((toast) => toast(text))

/** What can still be taken back, the newest last. */
let reversible: { undo: () => void; id?: string | number }[] = []

/** Something reversible was done. */
export function undoable(text: string, undo: () => void, duration = 8_000) {
  const entry: (typeof reversible)[number] = { undo }
  const gone = () => {
    reversible = reversible.filter((one) => one !== entry)
  }
  const back = () => {
    gone()
    undo()
  }
  reversible.push(entry)
  show((toast) => {
    const action = { label: 'Undo', onClick: back }
    entry.id = toast(text, { duration, action, onDismiss: gone, onAutoClose: gone })
  })
}

/** Takes the newest change back, as its button would. */
export function undoNewest(): boolean {
  const newest = reversible.pop()
  if (!newest) return false
  newest.undo()
  show((toast) => toast.dismiss(newest.id))
  return true
}

/** What did not happen, and why. */
export const failed = (error: unknown, text: string) =>
  show((toast) => toast.error(text, { description: reason(error), duration: 10_000 }))

const reason = (error: unknown) =>
  error instanceof ApiError
    ? [error.problem.detail, error.problem.hint].filter(Boolean).join(' – ')
    : 'The server did not answer.'

/** Where toasts come up: away from the task panel's buttons, and usable while a dialog is open. */
export function Toasts() {
  const isUsed = useSyncExternalStore(subscribe, () => used)
  const isPhone = matchMedia('(width < 40rem)').matches
  return (
    // A dialog hides everything but live regions: this one has to be there before the first toast is.
    <div aria-live="off">
      <Suspense>
        {isUsed && (
          <Toaster
            position={isPhone ? 'top-center' : 'bottom-left'}
            closeButton
            className="font-sans!"
            toastOptions={{
              unstyled: true,
              classNames: {
                toast:
                  'pointer-events-auto flex w-(--width) items-center gap-3 rounded-lg border border-line bg-raised px-4 py-3 text-sm text-fg shadow-(--shadow-pop)',
                content: 'min-w-0 flex-1 [overflow-wrap:anywhere]',
                title: 'font-medium',
                description: 'mt-0.5 text-muted',
                icon: 'shrink-0 text-failed',
                closeButton:
                  'order-last grid size-6 shrink-0 place-items-center rounded-md text-muted hover:bg-hover pointer-coarse:size-11',
                actionButton:
                  'h-8 shrink-0 rounded-md px-2 font-medium text-accent-text hover:bg-hover pointer-coarse:h-11',
              },
            }}
          />
        )}
      </Suspense>
    </div>
  )
}
