import { ApiError } from './client'

/** The rules that the server names, by field; `steps[2]` belongs to `steps`. */
export function fieldErrors(error: unknown): Map<string, string> {
  const list = error instanceof ApiError ? (error.problem.errors ?? []) : []
  return new Map(list.map(({ field, rule }) => [field.replace(/[[.].*$/, ''), rule]))
}

/** Somebody else changed it in the meantime. */
export const isStale = (error: unknown) => error instanceof ApiError && error.problem.code === 'stale'
