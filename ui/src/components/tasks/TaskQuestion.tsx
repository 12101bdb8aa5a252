import { MessageCircleQuestion } from 'lucide-react'
import { useId, useState } from 'react'
import { button } from '@/components/ui/button'
import { failed, said } from '@/components/ui/Toast'
import * as q from '@/lib/api/queries/tasks'

/** An agent's question and the place for the answer; afterwards both stay readable. */
export function TaskQuestion({ project, task: t }: { project: string; task: q.Task }) {
  const { answer } = q.useTaskActions(project)
  const [text, setText] = useState(t.question?.recommendation ?? '')
  const id = useId()
  if (!t.question) return null
  const { text: question, choices = [], recommendation } = t.question
  if (t.status !== 'needs_input')
    return t.answer ? (
      <section className="rounded-lg border border-line p-3">
        <h3 className="text-xs text-muted">The agent asked</h3>
        <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{question}</p>
        <h3 className="mt-2 text-xs text-muted">The answer</h3>
        <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{t.answer}</p>
      </section>
    ) : null
  const send = () => {
    if (!text.trim() || answer.isPending) return
    answer.mutate(
      { id: t.id, text: text.trim() },
      {
        onSuccess: () => said('Answered. The task is ready for an agent again.'),
        onError: (e) => failed(e, 'The answer was not saved'),
      },
    )
  }
  return (
    <form
      className="rounded-lg border border-approval bg-approval-soft p-3"
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
      onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && send()}
    >
      <h3 className="flex items-center gap-1.5 font-semibold text-approval">
        <MessageCircleQuestion size={15} aria-hidden />
        The agent asks
      </h3>
      <p className="mt-1 text-base whitespace-pre-wrap [overflow-wrap:anywhere]">{question}</p>
      {choices.length > 0 && (
        <fieldset className="mt-2 space-y-1">
          <legend className="sr-only">Choices</legend>
          {choices.map((choice) => (
            <label key={choice} className="flex items-start gap-2 rounded-md py-1 pointer-coarse:min-h-11">
              <input
                type="radio"
                name={`${id}-choice`}
                className="mt-0.5 accent-accent"
                checked={text === choice}
                onChange={() => setText(choice)}
              />
              <span className="[overflow-wrap:anywhere]">
                {choice}
                {choice === recommendation && <span className="text-muted"> (the agent would do this)</span>}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <label htmlFor={id} className="mt-2 block text-xs text-muted">
        {choices.length > 0 ? 'Your answer, or other words' : 'Your answer'}
      </label>
      <textarea
        id={id}
        rows={2}
        value={text}
        onChange={(e) => setText(e.target.value)}
        className="mt-1 w-full rounded-md border border-line-strong bg-surface p-2"
      />
      <div className="mt-2 flex justify-end">
        <button type="submit" className={button.primary} disabled={!text.trim() || answer.isPending}>
          Answer
        </button>
      </div>
    </form>
  )
}
