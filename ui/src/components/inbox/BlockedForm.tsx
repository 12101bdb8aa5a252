import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { button } from '@/components/ui/button'
import { failed, said } from '@/components/ui/Toast'
import type { InboxItem } from '@/lib/api/queries/inbox'
import { useTaskActions } from '@/lib/api/queries/tasks'

/** What the agent should do differently, and one more try. */
export function BlockedForm({ item }: { item: InboxItem }) {
  const queries = useQueryClient()
  const { reopen } = useTaskActions(item.project_name)
  const [reason, setReason] = useState('')
  const id = useId()
  const send = () => {
    if (!reason.trim() || reopen.isPending) return
    reopen.mutate(
      { id: item.id, reason: reason.trim() },
      {
        onSuccess: () => {
          said(`“${item.name}” is tried again.`)
          void queries.invalidateQueries({ queryKey: ['inbox'] })
        },
        onError: (e) => failed(e, 'The task stays blocked'),
      },
    )
  }
  return (
    <form
      className="flex items-start gap-2"
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
      onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && send()}
    >
      <label htmlFor={id} className="sr-only">
        What to do differently
      </label>
      <textarea
        id={id}
        rows={2}
        value={reason}
        placeholder="What to do differently; the agent reads it"
        onChange={(e) => setReason(e.target.value)}
        className="min-w-0 flex-1 rounded-md border border-line-strong bg-surface p-2"
      />
      <button type="submit" className={button.primary} disabled={!reason.trim() || reopen.isPending}>
        Try again
      </button>
    </form>
  )
}
