import { useQueryClient } from '@tanstack/react-query'
import { PencilLine } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { button } from '@/components/ui/button'
import { failed, said } from '@/components/ui/Toast'
import { isStale } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/features'

const Markdown = lazy(() => import('@/components/ui/Markdown'))

const outline = '## Goal\n\n\n## Accepted when\n- '

/** The spec as it stands; a person may rewrite it at any time, against the version they saw. */
export function SpecText({ feature: f, project }: { feature: q.Feature; project: string }) {
  const queries = useQueryClient()
  const edit = q.useEditFeatures(project)
  const [seen, setSeen] = useState<q.Feature>()
  const [text, setText] = useState('')
  const [theirs, setTheirs] = useState<q.Feature>()
  const begin = (start: string) => {
    setSeen(f)
    setText(start)
  }
  const close = () => {
    setSeen(undefined)
    setTheirs(undefined)
  }
  const save = (over: q.Feature) =>
    edit.mutate([{ feature: over, body: { spec: text } }], {
      onSuccess: () => {
        said('Spec saved.')
        close()
      },
      onError: async (e) => {
        if (!isStale(e)) return failed(e, 'The spec was not saved')
        setTheirs(await queries.fetchQuery({ ...q.feature(project, f.id), staleTime: 0 }))
      },
    })
  return (
    <div className="flex min-h-0 flex-1 flex-col rounded-xl border border-line bg-surface">
      <div className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-4">
        <h2 className="mr-auto font-semibold">Spec</h2>
        {seen ? (
          <>
            <button type="button" className={button.ghost} onClick={close}>
              Cancel
            </button>
            <button
              type="button"
              className={button.primary}
              disabled={edit.isPending}
              onClick={() => save(theirs ?? seen)}
            >
              {theirs ? 'Save mine over it' : 'Save spec'}
            </button>
          </>
        ) : (
          <button type="button" className={button.ghost} onClick={() => begin(f.spec || outline)}>
            <PencilLine size={14} aria-hidden />
            {f.spec ? 'Edit' : 'Write it'}
          </button>
        )}
      </div>
      {theirs && (
        <div role="alert" className="border-b border-line bg-approval-soft px-4 py-2">
          <p className="font-semibold text-approval">Changed meanwhile</p>
          <p>The spec was changed while you were writing. Your words are below; this is what is saved now:</p>
          <pre
            tabIndex={0}
            className="mt-1 max-h-32 overflow-auto rounded bg-surface p-2 text-xs whitespace-pre-wrap"
          >
            {theirs.spec || 'empty'}
          </pre>
        </div>
      )}
      {seen ? (
        <textarea
          aria-label="Spec, in Markdown"
          ref={(area) => {
            if (area && !area.dataset.met) area.focus()
            if (area) area.dataset.met = 'yes'
          }}
          value={text}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && save(theirs ?? seen)}
          className="min-h-40 flex-1 resize-none rounded-b-xl bg-surface p-4 font-mono text-xs leading-5"
        />
      ) : (
        <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto p-4 [overflow-wrap:anywhere]">
          {f.spec ? (
            <Suspense fallback={<div className="skeleton h-32" />}>
              <Markdown>{f.spec}</Markdown>
            </Suspense>
          ) : (
            <p className="text-muted">
              No spec yet. {f.description && `The feature says: ${f.description.slice(0, 2000)}`}
            </p>
          )}
        </div>
      )}
    </div>
  )
}
