import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { api, unwrap } from '../client'

/** How long a deletion can be taken back: the server has no bin, so it is told only afterwards. */
export const UNDO_MS = 8000

type Going = { project: string; timer: ReturnType<typeof setTimeout>; send: (leaving?: boolean) => void }

const going = new Map<number, Going>()
const watchers = new Set<() => void>()
let ids: ReadonlySet<number> = new Set()

function changed() {
  ids = new Set(going.keys())
  for (const watcher of watchers) watcher()
}

/** The tasks that are deleted for the person already, though not yet for the server. */
export const useGoing = () =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => ids,
  )

/** Hides a task at once and deletes it after `UNDO_MS`, or when the page is left; the result takes it back. */
export function removeTask(
  queries: QueryClient,
  project: string,
  id: number,
  onError: (error: Error) => void,
): () => void {
  const forget = () => {
    clearTimeout(going.get(id)?.timer)
    going.delete(id)
    changed()
  }
  const send = (leaving = false) => {
    const params = { path: { name: project, id } }
    unwrap(api.DELETE('/api/projects/{name}/tasks/{id}', { params, keepalive: leaving }))
      .catch(onError)
      .then(() => queries.invalidateQueries({ queryKey: ['projects', project] }))
      .finally(forget)
  }
  going.set(id, { project, timer: setTimeout(send, UNDO_MS), send })
  changed()
  return forget
}

globalThis.addEventListener?.('pagehide', () => {
  for (const { timer, send } of going.values()) {
    clearTimeout(timer)
    send(true)
  }
})
