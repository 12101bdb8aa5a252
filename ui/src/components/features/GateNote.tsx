import { CircleCheck, Undo2 } from 'lucide-react'
import { Clamped } from '@/components/ui/Clamped'
import type { Phase } from '@/lib/api/queries/phases'
import { fmtDateTime } from '@/lib/format'

/** What was decided at the gate of this phase. */
export function GateNote({ phase }: { phase: Phase }) {
  if (!phase.decision) return null
  const approved = phase.status === 'completed'
  const { by, at, note } = phase.decision
  const Icon = approved ? CircleCheck : Undo2
  return (
    <div
      className={`mt-3 flex gap-2 rounded-lg px-3 py-2 ${approved ? 'bg-done-soft text-done' : 'bg-approval-soft text-approval'}`}
    >
      <Icon size={15} className="mt-0.5 shrink-0" aria-hidden />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        {approved ? 'Approved' : 'Sent back'} by {by.replace(/^person:/, '')}, {fmtDateTime(at)}
        {note && <Clamped text={note} className="text-fg" />}
      </div>
    </div>
  )
}
