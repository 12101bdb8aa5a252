import { ArrowDown, ArrowUp, Braces, Copy, Download, Search, WrapText } from 'lucide-react'
import { failed, said } from '@/components/ui/Toast'
import type { Run } from '@/lib/api/queries/agents'
import { download } from '@/lib/csv'
import { entry } from '@/lib/log/entry'
import type { LogSource } from '@/lib/log/source'
import type { Filter } from './useLog'

type Props = {
  source: LogSource
  run: Run
  find: string
  onFind: (text: string) => void
  found: string
  onStep: (by: 1 | -1) => void
  raw: boolean
  onRaw: (on: boolean) => void
  wrap: boolean
  onWrap: (on: boolean) => void
  filter: Filter
  onFilter: (filter: Filter) => void
}

const filters: Record<Filter, string> = {
  all: 'Everything',
  say: 'What it says',
  tool: 'Tools',
  count: 'Tokens',
  error: 'Errors',
}
const icon =
  'grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-fg disabled:opacity-50 aria-pressed:bg-hover aria-pressed:text-fg pointer-coarse:size-11'

/** What can be done with a log. */
export function LogBar(p: Props) {
  const copy = async () => {
    const { book } = p.source
    const lines = Array.from({ length: book.pageCount }, (_, i) => book.page(i) ?? []).flat()
    const text = lines.map((line) => (p.raw ? line : entry(line).text)).join('\n')
    try {
      await navigator.clipboard.writeText(text)
      said(`${lines.length} lines copied.`)
    } catch (error) {
      failed(error, 'This browser does not let a page copy here; download the log instead')
    }
  }
  const save = async () => {
    try {
      download(`run-${p.run.id}.log`, await p.source.all(), 'text/plain')
    } catch (error) {
      failed(error, 'The log was not downloaded')
    }
  }
  return (
    <div
      role="toolbar"
      aria-label="Log"
      className="flex flex-wrap items-center gap-1 border-b border-line p-1.5"
    >
      <search className="flex min-w-40 flex-1 items-center gap-1">
        <label className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md border border-line-strong px-2 sm:max-w-72 pointer-coarse:h-11">
          <Search size={14} aria-hidden className="shrink-0 text-subtle" />
          <input
            type="search"
            aria-label="Find in the log"
            placeholder="Find"
            value={p.find}
            onChange={(e) => p.onFind(e.target.value)}
            onKeyDown={(e) => {
              if (e.key === 'Enter') p.onStep(e.shiftKey ? -1 : 1)
              if (e.key === 'Escape') p.onFind('')
            }}
            className="min-w-0 flex-1 bg-transparent outline-none"
          />
        </label>
        {p.find !== '' && (
          <>
            <button type="button" aria-label="Hit before" className={icon} onClick={() => p.onStep(-1)}>
              <ArrowUp size={15} aria-hidden />
            </button>
            <button type="button" aria-label="Next hit" className={icon} onClick={() => p.onStep(1)}>
              <ArrowDown size={15} aria-hidden />
            </button>
          </>
        )}
        <output className="text-xs whitespace-nowrap text-muted tabular-nums">{p.found}</output>
      </search>
      <select
        aria-label="Which lines"
        value={p.filter}
        onChange={(e) => p.onFilter(e.target.value as Filter)}
        className="h-8 rounded-md border border-line bg-surface px-2 pointer-coarse:h-11"
      >
        {Object.entries(filters).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
      <button
        type="button"
        aria-label="Wrap long lines"
        title="Wrap long lines"
        aria-pressed={p.wrap}
        className={icon}
        onClick={() => p.onWrap(!p.wrap)}
      >
        <WrapText size={15} aria-hidden />
      </button>
      <button
        type="button"
        aria-label="As it was written"
        title="As it was written"
        aria-pressed={p.raw}
        className={icon}
        onClick={() => p.onRaw(!p.raw)}
      >
        <Braces size={15} aria-hidden />
      </button>
      <button
        type="button"
        aria-label="Copy what is in memory"
        title="Copy"
        className={icon}
        onClick={() => void copy()}
      >
        <Copy size={15} aria-hidden />
      </button>
      <button
        type="button"
        aria-label="Download the log"
        title="Download"
        className={icon}
        onClick={() => void save()}
      >
        <Download size={15} aria-hidden />
      </button>
    </div>
  )
}
