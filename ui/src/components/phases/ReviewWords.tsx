import { FileWarning, ListPlus } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { button } from '@/components/ui/button'
import type { Schemas } from '@/lib/api/client'
import { fmtDateTime } from '@/lib/format'
import { findingsOf } from './findings'

const Markdown = lazy(() => import('@/components/ui/Markdown'))

/** What agents say about the phase: the reviewer's report, changed prompts, notes. */
export function ReviewWords({
  review,
  onTake,
}: {
  review: Schemas['PhaseReview']
  onTake?: (s: string) => void
}) {
  const { report, prompts, notes } = review
  const findings = report && findingsOf(report.text)
  return (
    <>
      {report && (
        <section className="rounded-lg border border-line p-3 [overflow-wrap:anywhere]">
          <h3 className="font-semibold">
            Reviewer’s report <Signed note={report} />
          </h3>
          <div className="mt-1">
            <Suspense fallback={<div className="skeleton h-16" />}>
              <Markdown>{report.text}</Markdown>
            </Suspense>
          </div>
          {findings && onTake && (
            <button type="button" className={`${button.plain} mt-2`} onClick={() => onTake(findings)}>
              <ListPlus size={15} aria-hidden />
              Take the findings into the note
            </button>
          )}
        </section>
      )}
      {prompts.length > 0 && (
        <section className="rounded-lg border border-approval bg-approval-soft p-3">
          <h3 className="flex items-center gap-1.5 font-semibold text-approval">
            <FileWarning size={15} aria-hidden />
            Agents changed their own prompts
          </h3>
          <p>Read these before you merge: from then on every agent is told what they say.</p>
          <ul className="mt-1 list-disc pl-5 font-mono text-xs">
            {prompts.map((file) => (
              <li key={file} className="[overflow-wrap:anywhere]">
                {file}
              </li>
            ))}
          </ul>
        </section>
      )}
      {notes.length > 0 && (
        <details>
          <summary className="cursor-pointer font-semibold">Notes of the agents ({notes.length})</summary>
          <ul className="mt-1.5 space-y-2">
            {notes.map((note) => (
              <li key={note.id} className="rounded-lg bg-sunken px-3 py-2 [overflow-wrap:anywhere]">
                <Signed note={note} />
                <p className="whitespace-pre-wrap">{note.text}</p>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

const Signed = ({ note }: { note: Schemas['NoteView'] }) => (
  <span className="text-xs font-normal text-muted tabular-nums">
    {note.author.replace(/^\w+:/, '')}, {fmtDateTime(note.at)}
  </span>
)
