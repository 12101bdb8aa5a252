import type { InfiniteData } from '@tanstack/react-query'
import type { Schemas } from './client'

export type Card = Schemas['TaskCard']
export type ColumnName = 'pending' | 'in_progress' | 'done'
export type Cursors = Schemas['ColumnCursors']
export type BoardPage = Schemas['TaskColumns']
/** A board as far as it is loaded: parts. */
export type BoardData = InfiniteData<BoardPage>

export const columnNames = ['pending', 'in_progress', 'done'] as const

export const columnOf = (status: Schemas['TaskStatus']): ColumnName =>
  status === 'passing' ? 'done' : status === 'in_progress' ? 'in_progress' : 'pending'

/** What to ask for next, or nothing when every column is complete. */
export const nextCursors = ({ cursors }: BoardPage): Cursors | undefined =>
  cursors.pending || cursors.in_progress || cursors.done ? cursors : undefined

/** A later part answers complete columns from their start again: only what continues is kept. */
export function continued(page: BoardPage, asked: Cursors | null): BoardPage {
  if (!asked) return page
  const keep = <T>(column: ColumnName, value: T, none: T) => (asked[column] ? value : none)
  return {
    ...page,
    pending: keep('pending', page.pending, []),
    in_progress: keep('in_progress', page.in_progress, []),
    done: keep('done', page.done, []),
    cursors: {
      pending: keep('pending', page.cursors.pending, null),
      in_progress: keep('in_progress', page.cursors.in_progress, null),
      done: keep('done', page.cursors.done, null),
    },
  }
}

export const cards = (board: BoardData | undefined, column: ColumnName): Card[] =>
  board?.pages.flatMap((page) => page[column]) ?? []

export const counts = (board: BoardData | undefined): Schemas['ColumnCounts'] =>
  board?.pages.at(-1)?.counts ?? { pending: 0, in_progress: 0, done: 0 }

/**
 * Changes cards by id, whatever their number: `null` removes one, a change of status moves it to its column.
 * Counts follow. A card that is not loaded is left alone: its column's next part brings it.
 */
export function changeCards(board: BoardData, changes: ReadonlyMap<number, Partial<Card> | null>): BoardData {
  const moved: [ColumnName, Card][] = []
  const total = { ...counts(board) }
  const sift = (column: ColumnName, list: Card[]) =>
    list.some((card) => changes.has(card.id))
      ? list.flatMap((card) => {
          const change = changes.get(card.id)
          if (change === undefined) return [card]
          if (change === null) {
            total[column] -= 1
            return []
          }
          const next = { ...card, ...change }
          const target = columnOf(next.status)
          if (target === column) return [next]
          total[column] -= 1
          total[target] += 1
          moved.push([target, next])
          return []
        })
      : list
  const pages = board.pages.map((page) => ({
    ...page,
    pending: sift('pending', page.pending),
    in_progress: sift('in_progress', page.in_progress),
    done: sift('done', page.done),
  }))
  const [first] = pages
  if (first) for (const [column, card] of moved) first[column] = [card, ...first[column]]
  return { ...board, pages: pages.map((page) => ({ ...page, counts: total })) }
}

/** Puts a new card at the end of what is loaded of its column. */
export function addCard(board: BoardData, card: Card): BoardData {
  if (board.pages.some((page) => columnNames.some((c) => page[c].some((other) => other.id === card.id))))
    return board
  const column = columnOf(card.status)
  const total = { ...counts(board) }
  total[column] += 1
  return {
    ...board,
    pages: board.pages.map((page, i) => ({
      ...page,
      counts: total,
      [column]: i === board.pages.length - 1 ? [...page[column], card] : page[column],
    })),
  }
}

const waiting = { passes: false, in_progress: false, agent_id: null }
const statusAfter: Partial<Record<Schemas['EventKind'], Partial<Card>>> = {
  'task.claimed': { status: 'in_progress', in_progress: true },
  'task.passed': { status: 'passing', passes: true, in_progress: false, agent_id: null },
  'task.released': { status: 'pending', ...waiting },
  'task.lapsed': { status: 'pending', ...waiting },
  'task.failed': { status: 'pending', ...waiting },
  'task.skipped': { status: 'pending', ...waiting },
  'task.answered': { status: 'pending', ...waiting },
  'task.reopened': { status: 'pending', ...waiting },
  'task.needs_input': { status: 'needs_input', ...waiting },
  'task.blocked': { status: 'blocked', ...waiting },
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** What events say about cards: the last word on each task counts. */
export function cardChanges(events: readonly Schemas['Event'][]): Map<number, Partial<Card> | null> {
  const changes = new Map<number, Partial<Card> | null>()
  for (const { kind, subject, payload } of events) {
    const id = Number(subject.split(':')[1])
    if (kind === 'task.deleted') changes.set(id, null)
    const after = statusAfter[kind]
    if (!after) continue
    const facts = (payload ?? {}) as Record<string, unknown>
    const agent = kind === 'task.claimed' ? { agent_id: text(facts.agent_id) ?? null } : {}
    changes.set(id, { ...changes.get(id), ...after, ...agent })
  }
  return changes
}
