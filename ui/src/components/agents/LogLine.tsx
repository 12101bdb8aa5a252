import Anser from 'anser'
import { memo } from 'react'
import { cx } from '@/lib/format'
import { entry, type Level } from '@/lib/log/entry'

const colours: Record<string, string> = {
  'ansi-red': 'text-failed',
  'ansi-bright-red': 'text-failed',
  'ansi-green': 'text-done',
  'ansi-bright-green': 'text-done',
  'ansi-yellow': 'text-approval',
  'ansi-bright-yellow': 'text-approval',
  'ansi-blue': 'text-running',
  'ansi-bright-blue': 'text-running',
  'ansi-magenta': 'text-accent-text',
  'ansi-bright-magenta': 'text-accent-text',
  'ansi-cyan': 'text-running',
  'ansi-bright-cyan': 'text-running',
  'ansi-bright-black': 'text-subtle',
}
const levels: Record<Level, string> = {
  say: '',
  tool: 'text-muted',
  count: 'text-subtle',
  error: 'text-failed',
}

type Props = { line: string; raw: boolean; find: string }

/** The text of one line: terminal colours as ours, hits marked; whatever it holds stays text. */
export const LogLine = memo(function LogLine({ line, raw, find }: Props) {
  const { level, text } = raw ? { level: 'say' as const, text: line } : entry(line)
  return (
    <span className={levels[level]}>
      {Anser.ansiToJson(text, { use_classes: true, remove_empty: true }).map((part, i) => (
        <span
          key={i}
          className={cx(
            colours[part.fg],
            part.decorations.includes('bold') && 'font-semibold',
            part.decorations.includes('underline') && 'underline',
            part.decorations.includes('dim') && 'text-subtle',
          )}
        >
          {find ? <Marked text={part.content} find={find} /> : part.content}
        </span>
      ))}
    </span>
  )
})

function Marked({ text, find }: { text: string; find: string }) {
  const low = text.toLowerCase()
  const wanted = find.toLowerCase()
  const parts = []
  let from = 0
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
    parts.push(text.slice(from, at))
    parts.push(
      <mark key={at} className="rounded-sm bg-approval-soft text-approval outline outline-1 outline-current">
        {text.slice(at, at + find.length)}
      </mark>,
    )
    from = at + find.length
  }
  return (
    <>
      {parts}
      {text.slice(from)}
    </>
  )
}
