import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { TaskState } from '@/components/ui/Status'
import { failed, undoable } from '@/components/ui/Toast'
import * as q from '@/lib/api/queries/tasks'
import { cx, fmtDateTime } from '@/lib/format'

type Props = { project: string; task: q.Task; focusPriority: boolean }

/** Where the task stands, why it is not worked on, and what scheduling goes by. */
export function TaskFacts({ project, task: t, focusPriority }: Props) {
  const why = useQuery({ ...q.why(project, t.id), enabled: t.status === 'pending' || t.status === 'blocked' })
  const reasons = why.data?.reasons ?? []
  return (
    <section className="space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <TaskState value={t.status} />
        {t.status === 'pending' && why.data && (
          <span className="text-xs text-muted">
            {why.data.ready ? 'Ready: an agent may take it next.' : 'Not ready yet:'}
          </span>
        )}
      </div>
      {reasons.length > 0 && (
        <ul className="list-disc space-y-0.5 pl-5 text-muted">
          {reasons.map((r) => (
            <li key={`${r.code}${r.text}`} className="[overflow-wrap:anywhere]">
              {r.text}
            </li>
          ))}
        </ul>
      )}
      {t.blocked_reason && t.status !== 'passing' && (
        <p
          tabIndex={0}
          className={cx(
            'max-h-48 overflow-y-auto rounded-md p-2.5 whitespace-pre-wrap [overflow-wrap:anywhere]',
            t.status === 'blocked' ? 'bg-failed-soft text-failed' : 'bg-sunken text-muted',
          )}
        >
          {t.failures > 0 && 'Last try: '}
          {t.blocked_reason}
        </p>
      )}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-3">
        <Fact name="Priority">
          <Priority project={project} task={t} focused={focusPriority} />
        </Fact>
        <Fact name="Category">{t.category}</Fact>
        <Fact name="Complexity">{t.estimated_complexity} of 5</Fact>
        {t.agent_id && <Fact name="Agent">{t.agent_id}</Fact>}
        {t.failures > 0 && <Fact name="Failed">{times(t.failures)}</Fact>}
        {t.skip_count > 0 && <Fact name="Skipped">{times(t.skip_count)}</Fact>}
        {t.completed_at && <Fact name="Passed">{fmtDateTime(t.completed_at)}</Fact>}
        {t.verified_at && t.verified_at !== t.completed_at && (
          <Fact name="Checked again">{fmtDateTime(t.verified_at)}</Fact>
        )}
        {t.not_before && <Fact name="Not before">{fmtDateTime(t.not_before)}</Fact>}
        <Fact name="Created">{fmtDateTime(t.created_at)}</Fact>
      </dl>
    </section>
  )
}

const times = (n: number) => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`)

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="min-w-0 tabular-nums [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}

/** Saved with Enter or by leaving the field; lower runs first. */
function Priority({ project, task: t, focused }: { project: string; task: q.Task; focused: boolean }) {
  const [text, setText] = useState(String(t.priority))
  const [seen, setSeen] = useState(t.priority)
  const edit = q.useEditTask(project)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (focused) input.current?.select()
  }, [focused])
  if (seen !== t.priority) {
    setSeen(t.priority)
    setText(String(t.priority))
  }
  const save = () => {
    const priority = Number(text)
    if (!Number.isInteger(priority) || priority < 0) return setText(String(t.priority))
    if (priority === t.priority) return
    edit.mutate(
      { task: t, body: { priority } },
      {
        onSuccess: (saved) =>
          undoable(`Priority ${priority}`, () =>
            edit.mutate({ task: saved, body: { priority: t.priority } }),
          ),
        onError: (e) => {
          setText(String(t.priority))
          failed(e, 'The priority was not saved')
        },
      },
    )
  }
  return (
    <input
      ref={input}
      id="task-priority"
      type="number"
      min={0}
      aria-label="Priority, lower runs first"
      title="Lower runs first"
      value={text}
      onChange={(e) => setText(e.target.value)}
      onBlur={save}
      onKeyDown={(e) => e.key === 'Enter' && e.currentTarget.blur()}
      className="h-7 w-24 rounded-md border border-line-strong bg-surface px-2 tabular-nums pointer-coarse:h-11"
    />
  )
}
