import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { input, Labelled } from '@/components/ui/Labelled'
import { failed } from '@/components/ui/Toast'
import type { Schemas } from '@/lib/api/client'
import { fieldErrors } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/settings'

type Props = { project: string; onClose: () => void; onMade: (secret: string) => void }
type Access = Exclude<Schemas['Access'], 'agent'>

const may: Record<Access, string> = {
  viewer: 'Read, and follow events',
  editor: 'Change the plan, decide at gates, steer agents',
  admin: 'All that, with limits, webhooks, tokens and what runs',
}
const DAY = 86_400_000

/** Makes a token of this project, or of all. Tokens of agents are made when these start. */
export function TokenDialog({ project, onClose, onMade }: Props) {
  const [name, setName] = useState('')
  const [access, setAccess] = useState<Access>('viewer')
  const [only, setOnly] = useState(true)
  const [days, setDays] = useState('90')
  const create = q.useCreateToken()
  const errors = fieldErrors(create.error)
  const send = () => {
    if (!name.trim() || create.isPending) return
    const ends = days === '' ? undefined : new Date(Date.now() + Number(days) * DAY).toISOString()
    create.mutate(
      { name: name.trim(), access, ...(only && { project }), ...(ends && { expires_at: ends }) },
      {
        onSuccess: ({ secret }) => onMade(secret),
        onError: (e) => fieldErrors(e).size === 0 && failed(e, 'No token was made'),
      },
    )
  }
  return (
    <Dialog title="Make a token" onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={(e) => {
          e.preventDefault()
          send()
        }}
      >
        <Labelled label="Name" hint="Such as ci, or the phone." error={errors.get('name')}>
          {(aria) => (
            <input
              {...aria}
              className={input}
              maxLength={255}
              autoComplete="off"
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Labelled>
        <fieldset>
          <legend className="font-medium">It may</legend>
          {Object.entries(may).map(([value, text]) => (
            <label key={value} className="mt-1 flex items-center gap-2 min-h-6 pointer-coarse:min-h-11">
              <input
                type="radio"
                name="access"
                className="accent-accent"
                checked={access === value}
                onChange={() => setAccess(value as Access)}
              />
              <span>
                <span className="font-medium">{value}</span> <span className="text-muted">{text}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <label className="flex items-center gap-2 min-h-6 pointer-coarse:min-h-11">
          <input
            type="checkbox"
            className="accent-accent"
            checked={only}
            onChange={(e) => setOnly(e.target.checked)}
          />
          Only this project
        </label>
        <Labelled label="Ends after" error={errors.get('expires_at')}>
          {(aria) => (
            <select {...aria} className={input} value={days} onChange={(e) => setDays(e.target.value)}>
              <option value="1">a day</option>
              <option value="30">30 days</option>
              <option value="90">90 days</option>
              <option value="365">a year</option>
              <option value="">never</option>
            </select>
          )}
        </Labelled>
        <div className="flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={!name.trim() || create.isPending}>
            Make token
          </button>
        </div>
      </form>
    </Dialog>
  )
}
