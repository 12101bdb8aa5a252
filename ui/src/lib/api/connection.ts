import { useSyncExternalStore } from 'react'

export type Connection = 'connecting' | 'live' | 'offline'

let state: Connection = 'connecting'
const watchers = new Set<() => void>()

/** Whether the server is there; while it is not, nothing can be written. */
export const connection = {
  get: () => state,
  set(next: Connection) {
    if (next === state) return
    state = next
    for (const watcher of watchers) watcher()
  },
  subscribe(watcher: () => void) {
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  },
}

export const useConnection = () => useSyncExternalStore(connection.subscribe, connection.get)
