import type { ReactNode } from 'react'
import { button } from './button'
import { Dialog } from './Dialog'

/** Asks before something that cannot be taken back. The focus starts on Cancel's side. */
export function Confirm(p: {
  title: string
  action: string
  busy?: boolean
  disabled?: boolean
  onClose: () => void
  onConfirm: () => void
  children?: ReactNode
}) {
  return (
    <Dialog title={p.title} onClose={p.onClose}>
      <div className="text-muted">{p.children}</div>
      <div className="mt-5 flex justify-end gap-2">
        <button type="button" className={button.plain} onClick={p.onClose}>
          Cancel
        </button>
        <button type="button" className={button.danger} disabled={p.busy || p.disabled} onClick={p.onConfirm}>
          {p.action}
        </button>
      </div>
    </Dialog>
  )
}
