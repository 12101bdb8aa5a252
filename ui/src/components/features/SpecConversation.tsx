import { useQuery } from '@tanstack/react-query'
import { Bot, SendHorizontal, UserRound } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { button } from '@/components/ui/button'
import { Failed } from '@/components/ui/states'
import { failed } from '@/components/ui/Toast'
import { Writable } from '@/components/ui/Writable'
import * as q from '@/lib/api/queries/features'
import { fmtDateTime } from '@/lib/format'
import { SpecTurn } from './SpecTurn'
import { useKept } from './useKept'

const Markdown = lazy(() => import('@/components/ui/Markdown'))
const PART = 100

export function SpecConversation({ feature: f, project }: { feature: q.Feature; project: string }) {
  const { data, error } = useQuery(q.specMessages(project, f.id))
  const { say } = q.useSpec(project, f.id)
  const [text, setText] = useKept(`spec-draft:${project}:${f.id}`)
  const [shown, setShown] = useState(PART)
  const end = useRef<HTMLDivElement>(null)
  const last = data?.at(-1)?.id
  useEffect(() => {
    if (last !== undefined) end.current?.scrollTo({ top: end.current.scrollHeight })
  }, [last])
  const send = () => {
    const words = text.trim()
    if (!words || say.isPending) return
    say.mutate(words, {
      onSuccess: () => setText(''),
      onError: (e) => failed(e, 'Not sent; your words are kept'),
    })
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col rounded-xl border border-line bg-surface">
      <h2 className="sr-only">Conversation</h2>
      <div
        ref={end}
        tabIndex={0}
        role="log"
        aria-label="Messages"
        className="min-h-0 flex-1 overflow-y-auto p-4"
      >
        {error && !data ? (
          <Failed error={error} />
        ) : !data ? (
          <div role="status" aria-label="Loading the conversation" className="space-y-3">
            <div className="skeleton h-12 w-3/4" />
            <div className="skeleton ml-auto h-12 w-2/3" />
          </div>
        ) : (
          <>
            {data.length > shown && (
              <button type="button" className={button.ghost} onClick={() => setShown(shown + PART)}>
                Show earlier messages
              </button>
            )}
            <ol className="space-y-4">
              {data.slice(-shown).map((m) => (
                <Message key={m.id} message={m} />
              ))}
            </ol>
          </>
        )}
        {data && <SpecTurn feature={f} project={project} messages={data} />}
      </div>
      <Writable>
        <form
          className="flex items-end gap-2 border-t border-line p-3"
          onSubmit={(e) => {
            e.preventDefault()
            send()
          }}
        >
          <textarea
            aria-label="Message about the spec"
            placeholder="Say what matters. Enter sends, Shift+Enter makes a line."
            rows={2}
            value={text}
            onChange={(e) => setText(e.target.value)}
            onKeyDown={(e) => {
              if (e.key !== 'Enter' || e.shiftKey || e.nativeEvent.isComposing) return
              e.preventDefault()
              send()
            }}
            className="max-h-40 min-w-0 flex-1 resize-none rounded-md border border-line-strong bg-surface p-2 [field-sizing:content]"
          />
          <button type="submit" className={button.primary} disabled={!text.trim() || say.isPending}>
            <SendHorizontal size={14} aria-hidden />
            Send
          </button>
        </form>
      </Writable>
    </div>
  )
}

function Message({ message: m }: { message: q.SpecMessage }) {
  const [kind, name] = m.author.split(':', 2)
  const agent = kind === 'agent'
  const Icon = agent ? Bot : UserRound
  return (
    <li className={agent ? '' : 'pl-8'}>
      <p className="mb-1 flex items-center gap-1.5 text-xs text-muted">
        <Icon size={13} aria-hidden />
        <span className="font-medium text-fg">{name}</span>
        <span className="tabular-nums">{fmtDateTime(m.at)}</span>
      </p>
      <div className={`rounded-lg p-3 [overflow-wrap:anywhere] ${agent ? 'bg-sunken' : 'bg-accent-soft'}`}>
        <Suspense fallback={<p className="whitespace-pre-wrap">{m.text}</p>}>
          <Markdown>{m.text}</Markdown>
        </Suspense>
      </div>
    </li>
  )
}
