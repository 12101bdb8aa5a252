import { remember, remembered } from './storage'

export type Visit = { path: string; title: string }

const KEY = 'autocoder-recent'
const KEPT = 6

const isVisit = (value: unknown): value is Visit =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Visit).path === 'string' &&
  typeof (value as Visit).title === 'string'

/** The places seen last, the newest first. */
export function visits(): Visit[] {
  try {
    const list: unknown = JSON.parse(remembered(KEY) ?? '[]')
    return Array.isArray(list) ? list.filter(isVisit) : []
  } catch {
    return []
  }
}

export function visited(place: Visit) {
  const others = visits().filter(({ path }) => path !== place.path)
  remember(KEY, JSON.stringify([place, ...others].slice(0, KEPT)))
}
