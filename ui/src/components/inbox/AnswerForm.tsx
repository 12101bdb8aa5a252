import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { button } from '@/components/ui/button'
import { failed, said } from '@/components/ui/Toast'
import type { InboxItem } from '@/lib/api/queries/inbox'
import { useTaskActions } from '@/lib/api/queries/tasks'

/** The answer to an agent's question: one of its choices, or other words. */
export function AnswerForm({ item }: { item: InboxItem }) {
  const queries = useQueryClient()
  const { answer } = useTaskActions(item.project_name)
  const [text, setText] = useState(item.recommendation ?? '')
  const id = useId()
  const send = () => {
    if (!text.trim() || answer.isPending) return
    answer.mutate(
      { id: item.id, text: text.trim() },
      {
        onSuccess: () => {
          said(`Answered. “${item.name}” is ready for an agent again.`)
          void queries.invalidateQueries({ queryKey: ['inbox'] })
        },
        onError: (e) => failed(e, 'The answer was not saved'),
      },
    )
  }
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
      onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && send()}
    >
      {item.choices.length > 0 && (
        <fieldset className="mb-2 flex flex-wrap gap-1.5">
          <legend className="sr-only">Choices</legend>
          {item.choices.map((choice) => (
            <button
              key={choice}
              type="button"
              aria-pressed={text === choice}
              onClick={() => setText(choice)}
              className="rounded-full border border-line-strong px-3 py-1 text-left hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-text pointer-coarse:py-2.5"
            >
              {choice}
              {choice === item.recommendation && <span className="text-xs"> (recommended)</span>}
            </button>
          ))}
        </fieldset>
      )}
      <div className="flex items-start gap-2">
        <label htmlFor={id} className="sr-only">
          Your answer
        </label>
        <textarea
          id={id}
          rows={2}
          value={text}
          placeholder="Your answer"
          onChange={(e) => setText(e.target.value)}
          className="min-w-0 flex-1 rounded-md border border-line-strong bg-surface p-2"
        />
        <button type="submit" className={button.primary} disabled={!text.trim() || answer.isPending}>
          Answer
        </button>
      </div>
    </form>
  )
}
