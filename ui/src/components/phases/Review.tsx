import { useQuery } from '@tanstack/react-query'
import { Check, RefreshCw, Undo2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { button } from '@/components/ui/button'
import { Clamped } from '@/components/ui/Clamped'
import { failed, said } from '@/components/ui/Toast'
import { Writable } from '@/components/ui/Writable'
import { ApiError, type Schemas } from '@/lib/api/client'
import * as q from '@/lib/api/queries/phases'
import { Decision } from './Decision'
import { MergeChoice } from './MergeChoice'
import { PatchView } from './PatchView'
import { ReviewFacts } from './ReviewFacts'
import { ReviewFeatures } from './ReviewFeatures'
import { ReviewWords } from './ReviewWords'

type Props = { newest: Schemas['PhaseReview']; project: string; onClose: () => void }

export function Review({ newest, project, onClose }: Props) {
  const [seen, setSeen] = useState(newest)
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  const [merge, setMerge] = useState(false)
  const [again, setAgain] = useState<ReadonlySet<number>>(new Set())
  const { approve, reject } = q.useDecidePhase(project, seen.phase.id)
  const phases = useQuery(q.phases(project))
  const after = phases.data?.[phases.data.findIndex((p) => p.id === seen.phase.id) + 1]
  const busy = approve.isPending || reject.isPending
  const waiting = seen.phase.status === 'awaiting_approval'
  const changed = !busy && newest.phase.version !== seen.phase.version
  const reason = whyNot(seen, changed)

  // Inside the form, so that its keys work at once; never on Approve.
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus({ preventScroll: true }), [])

  const words = useRef<HTMLTextAreaElement>(null)
  const takeFindings = (findings: string) => {
    setNote((before) => [before.trim(), findings].filter(Boolean).join('\n\n'))
    setMissing(false)
    words.current?.focus()
  }
  const doApprove = () => {
    if (reason || busy) return
    approve.mutate(
      { ...(note.trim() && { note: note.trim() }), ...(merge && { merge }) },
      {
        onSuccess: () => {
          said(`“${seen.phase.name}” approved.${after ? ` “${after.name}” can start.` : ''}`)
          onClose()
        },
        // The choice to merge says itself what the server answers.
        onError: (e) => !(merge && e instanceof ApiError) && failed(e, 'Not approved'),
      },
    )
  }
  const doReject = () => {
    if (busy || changed) return
    if (!note.trim()) return setMissing(true)
    reject.mutate(
      { reason: note.trim(), ...(again.size > 0 && { reopen_tasks: [...again] }) },
      {
        onSuccess: () => {
          said(`“${seen.phase.name}” sent back. Agents can go on with it.`)
          onClose()
        },
        onError: (e) => failed(e, 'Not sent back'),
      },
    )
  }
  return (
    <form
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(e) => e.preventDefault()}
      onKeyDown={(e) => {
        if ((e.metaKey || e.ctrlKey) && e.key === 'Enter') doApprove()
      }}
    >
      <div ref={box} tabIndex={0} className="min-h-0 flex-1 space-y-4 overflow-y-auto px-5 py-4 outline-none">
        {changed && (
          <div role="alert" className="rounded-lg border border-approval bg-approval-soft p-3">
            <p className="font-semibold text-approval">Changed meanwhile</p>
            <p className="mt-0.5">
              This phase changed while you were reading. Look at it as it is now, then decide.
            </p>
            <button type="button" className={`${button.plain} mt-2`} onClick={() => setSeen(newest)}>
              <RefreshCw size={14} aria-hidden />
              Show it as it is now
            </button>
          </div>
        )}
        <p className="text-base">{summaryOf(seen, after)}</p>
        {seen.phase.description && <Clamped text={seen.phase.description} className="text-muted" />}
        <Decision phase={seen.phase} />
        <ReviewFacts review={seen} project={project} />
        <ReviewWords review={seen} onTake={waiting ? takeFindings : undefined} />
        <ReviewFeatures review={seen} project={project} again={again} tick={waiting ? setAgain : undefined} />
        {seen.diff && <PatchView diff={seen.diff} />}
      </div>
      {waiting && (
        <Writable>
          <footer className="shrink-0 border-t border-line px-5 py-3.5">
            <label className="block font-medium" htmlFor="review-note">
              Note for the agents
              <span className="font-normal text-muted"> (needed to send the phase back)</span>
            </label>
            <textarea
              ref={words}
              id="review-note"
              rows={2}
              value={note}
              aria-invalid={missing}
              aria-describedby={missing ? 'review-note-error' : 'review-note-hint'}
              onChange={(e) => {
                setNote(e.target.value)
                setMissing(false)
              }}
              className="mt-1 w-full rounded-md border border-line-strong bg-surface p-2 aria-invalid:border-failed"
            />
            {missing ? (
              <p id="review-note-error" role="alert" className="text-failed">
                Say what has to change before sending it back.
              </p>
            ) : (
              <p id="review-note-hint" className="text-xs text-muted">
                {again.size > 0
                  ? `Sending back reopens ${again.size === 1 ? 'the ticked task' : `the ${again.size} ticked tasks`}.`
                  : 'Tick tasks to have them done again; with none ticked, sending back adds one for your note, or one for each item of a list.'}
              </p>
            )}
            {seen.diff && (
              <MergeChoice base={seen.diff.base} on={merge} set={setMerge} error={approve.error} />
            )}
            {reason && (
              <p id="approve-reason" className="mt-2 text-approval">
                {reason}
              </p>
            )}
            <div className="mt-3 flex flex-wrap justify-end gap-2">
              <button type="button" className={`${button.ghost} max-sm:hidden`} onClick={onClose}>
                Cancel
              </button>
              <button
                type="button"
                className={`${button.plain} max-sm:flex-1`}
                disabled={busy || changed}
                onClick={doReject}
              >
                <Undo2 size={15} aria-hidden />
                Send back
              </button>
              <button
                type="button"
                className={`${button.primary} max-sm:flex-1`}
                disabled={busy || Boolean(reason)}
                aria-describedby={reason ? 'approve-reason' : undefined}
                aria-keyshortcuts="Control+Enter Meta+Enter"
                title="Approve (Ctrl+Enter)"
                onClick={doApprove}
              >
                <Check size={15} aria-hidden />
                Approve phase
              </button>
            </div>
          </footer>
        </Writable>
      )}
    </form>
  )
}

function whyNot({ phase: p }: Props['newest'], changed: boolean): string | undefined {
  if (changed) return 'Look at the newest state first.'
  const open = p.task_count - p.tasks_completed
  if (open > 0) return `${open} of ${p.task_count} tasks do not pass yet.`
  return undefined
}

function summaryOf({ phase: p, features }: Props['newest'], after: q.Phase | undefined): string {
  const tasks = `${p.tasks_completed} of ${p.task_count} tasks in ${features.length} ${features.length === 1 ? 'feature' : 'features'} pass.`
  if (p.status === 'completed') return `${tasks} The phase is approved.`
  if (p.status !== 'awaiting_approval') return `${tasks} The phase is not at its gate now.`
  const next = after
    ? `Approving lets agents start “${after.name}” (${after.task_count} tasks).`
    : 'It is the last phase: approving completes the project.'
  return `${tasks} ${next}`
}
