import { ApiError } from '@/lib/api/client'

type Props = { base: string; on: boolean; set: (on: boolean) => void; error: Error | null }

/** Brings the agents' work into the person's own branch with the approval; says why the server could not. */
export function MergeChoice({ base, on, set, error }: Props) {
  const problem = on && error instanceof ApiError ? error.problem : undefined
  return (
    <div className="mt-2">
      <label className="flex min-h-6 items-center gap-2 pointer-coarse:min-h-11">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-accent"
          checked={on}
          aria-describedby={problem ? 'merge-problem' : undefined}
          onChange={(e) => set(e.target.checked)}
        />
        <span className="[overflow-wrap:anywhere]">
          On approval, merge into <code className="font-mono text-xs">{base}</code>
        </span>
      </label>
      {problem && (
        <div id="merge-problem" role="alert" className="mt-1 rounded-md bg-failed-soft p-2 text-failed">
          <p className="max-h-24 overflow-y-auto [overflow-wrap:anywhere]">
            <span className="font-medium">Not approved, nothing merged: </span>
            {[problem.detail, problem.hint].filter(Boolean).join(' – ')}
          </p>
        </div>
      )}
    </div>
  )
}
