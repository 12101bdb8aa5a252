import type { QueryClient } from '@tanstack/react-query'
import { groupBy } from '../group'
import { type Project, projectKeys } from './queries/projects'
import { type Event, type Stale, staleBy } from './stale'

/** Not needed by the first page. */
const boards = () => import('./queries/tasks')

/** Brings events into the cache, a burst of them in one go: boards are patched, the rest is read again. */
export function patcher(queries: QueryClient) {
  let cancel: (() => void) | undefined
  let batch: Event[] = []
  const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; at: number }>()
  const name = (id: number) =>
    queries.getQueryData<Project[]>(projectKeys.all)?.find((project) => project.id === id)?.name

  const refresh = ({ key, everyMs, exact = false }: Stale) => {
    const id = JSON.stringify([key, exact])
    const at = Date.now() + everyMs
    const before = waiting.get(id)
    if (before && before.at <= at) return // it is read soon enough
    clearTimeout(before?.timer)
    const read = () => {
      waiting.delete(id)
      void queries.invalidateQueries({ queryKey: key, exact })
    }
    waiting.set(id, { timer: setTimeout(read, everyMs), at })
  }
  const flush = () => {
    cancel = undefined
    const events = batch
    batch = []
    for (const [id, ours] of groupBy(events, (event) => event.project_id)) {
      const project = name(id)
      if (project) void boards().then((m) => m.applyTaskEvents(queries, project, ours))
      else refresh({ key: projectKeys.all, everyMs: 1_000 }) // a project that is not known here yet
      for (const event of ours) for (const stale of staleBy(event, project)) refresh(stale)
    }
  }
  return {
    take(event: Event) {
      batch.push(event)
      cancel ??= nextFrame(flush)
    },
    stop() {
      cancel?.()
      for (const { timer } of waiting.values()) clearTimeout(timer)
    },
  }
}

/** Before the next picture; a hidden tab draws none and waits a moment instead. */
function nextFrame(run: () => void) {
  if (document.hidden) {
    const timer = setTimeout(run, 250)
    return () => clearTimeout(timer)
  }
  // A tab that is hidden in between draws no more frames: the timer stands in.
  const done = () => {
    stop()
    run()
  }
  const timer = setTimeout(done, 250)
  const frame = requestAnimationFrame(done)
  const stop = () => {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
  }
  return stop
}
