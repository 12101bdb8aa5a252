import { useState } from 'react'
import { Dialog } from '@/components/ui/Dialog'
import { Kbd } from '@/components/ui/Kbd'
import { commands, otherKeys } from './commands'
import { canNotify, notifies, setNotifies } from './notices'
import { setShortcutsOn, shortcutsOn } from './useShortcuts'

/** All keys, from the same list that answers them. */
export default function Help({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useState(shortcutsOn)
  const [told, setTold] = useState(notifies)
  const rows = [
    ...commands.filter((command) => command.keys).map((command) => [command.label, command.keys] as const),
    ...otherKeys,
  ]
  return (
    <Dialog title="Keyboard shortcuts and notices" onClose={onClose}>
      <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1.5">
        {rows.map(([label, keys]) => (
          <div key={label} className="contents">
            <dt>{label}</dt>
            <dd className="text-right text-muted">
              <Kbd keys={keys ?? ''} />
            </dd>
          </div>
        ))}
      </dl>
      <fieldset className="mt-5 space-y-2 border-t border-line pt-4">
        <legend className="sr-only">In this browser</legend>
        <Choice
          on={on}
          text="Single keys are shortcuts"
          set={(next) => {
            setShortcutsOn(next)
            setOn(next)
          }}
        />
        {canNotify() && (
          <Choice
            on={told}
            text="Show a notice when something needs me and I look elsewhere"
            set={(next) => void setNotifies(next).then(setTold)}
          />
        )}
      </fieldset>
    </Dialog>
  )
}

function Choice({ on, text, set }: { on: boolean; text: string; set: (on: boolean) => void }) {
  return (
    <label className="flex min-h-6 items-center gap-2 pointer-coarse:min-h-11">
      <input type="checkbox" className="size-4" checked={on} onChange={(e) => set(e.target.checked)} />
      {text}
    </label>
  )
}
