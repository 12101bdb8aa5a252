import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import {
  ChartColumn,
  CloudOff,
  Contrast,
  FolderKanban,
  Inbox,
  LoaderCircle,
  type LucideIcon,
  Radio,
  Search,
} from 'lucide-react'
import { lazy, Suspense } from 'react'
import { Kbd } from '@/components/ui/Kbd'
import { type Connection, useConnection } from '@/lib/api/connection'
import { usage } from '@/lib/api/queries/usage'
import { cx } from '@/lib/format'
import { tightest, usedText } from '@/lib/usage'
import { toggleTheme } from './theme'

/** The first page has none. */
const Breadcrumb = lazy(() => import('@/components/navigation/Breadcrumb'))

const nav =
  'flex shrink-0 items-center gap-2 rounded-md px-2 h-8 text-muted hover:bg-hover hover:text-fg aria-[current=page]:bg-hover aria-[current=page]:text-fg aria-[current=page]:font-medium pointer-coarse:h-11'

/** Home, where the page is, and what is worth a glance from everywhere. */
export function Header(p: { waiting: number; isInProject: boolean; onSearch: () => void }) {
  const { waiting, isInProject, onSearch } = p
  return (
    <header className="flex h-12 min-w-0 items-center gap-1 border-b border-line bg-surface px-2 sm:gap-3 sm:px-3">
      <Link
        to="/"
        aria-label="Autocoder home"
        className="flex h-8 shrink-0 items-center gap-2 rounded-md px-1 text-base font-semibold tracking-tight pointer-coarse:h-11"
      >
        <img src="/icon.svg" alt="" width={20} height={20} />
        <span className="max-sm:hidden">Autocoder</span>
      </Link>
      <div className="min-w-0 flex-1">
        <Suspense>{isInProject && <Breadcrumb />}</Suspense>
      </div>
      <button
        type="button"
        onClick={onSearch}
        aria-label="Search or jump to"
        className="flex h-8 shrink-0 items-center gap-2 rounded-md border-line px-2 text-subtle hover:border-line-strong md:w-56 md:border md:bg-canvas pointer-coarse:h-11"
      >
        <Search size={16} aria-hidden />
        <span className="flex-1 text-left max-md:hidden">Search or jump to…</span>
        <span className="max-md:hidden">
          <Kbd keys="mod+k" />
        </span>
      </button>
      <nav aria-label="Main" className="flex items-center sm:gap-1">
        <Link
          to="/"
          className={cx(nav, 'max-sm:hidden')}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          <FolderKanban size={16} aria-hidden />
          <span className="max-lg:sr-only">Projects</span>
        </Link>
        <Link to="/inbox" className={cx(nav, waiting > 0 && 'text-approval!')}>
          <Inbox size={16} aria-hidden />
          <span className="max-lg:sr-only">Inbox</span>
          {waiting > 0 && (
            <span className="text-xs tabular-nums">
              {waiting}
              <span className="sr-only"> {waiting === 1 ? 'needs' : 'need'} you</span>
            </span>
          )}
        </Link>
        <Link to="/usage" className={nav}>
          <ChartColumn size={16} aria-hidden />
          <span className="max-lg:sr-only">Usage</span>
          <Used />
        </Link>
      </nav>
      <Live />
      <button type="button" onClick={toggleTheme} aria-label="Switch between light and dark" className={nav}>
        <Contrast size={16} aria-hidden />
      </button>
    </header>
  )
}

/** How much of the limit or budget that is nearest to its end is used; its place is kept from the start. */
function Used() {
  const { data } = useQuery(usage())
  const gauge = data && tightest(data)
  if (!gauge) return data ? null : <span className="w-8 max-sm:hidden" aria-hidden />
  return (
    <span className="min-w-8 text-right text-xs tabular-nums" title={`${gauge.name}: used`}>
      {usedText(gauge.used)}
      <span className="sr-only"> used</span>
    </span>
  )
}

const shown: Record<Connection, [LucideIcon, string, string]> = {
  live: [Radio, 'Live', 'text-done'],
  connecting: [LoaderCircle, 'Connecting', 'text-muted'],
  offline: [CloudOff, 'Offline, retrying', 'text-failed'],
}

function Live() {
  const connection = useConnection()
  const [Icon, text, colour] = shown[connection]
  return (
    <span role="status" className="flex shrink-0 items-center gap-1.5 px-1 text-xs text-muted" title={text}>
      <Icon size={15} aria-hidden className={colour} />
      <span
        className={connection === 'offline' ? 'font-medium text-failed max-sm:sr-only' : 'max-xl:sr-only'}
      >
        {text}
      </span>
    </span>
  )
}
