import { type BoardData, type Card, cards, counts } from '@/lib/api/board'

export type Filter = { category?: string; agent?: string }
export type Columns = Record<'needs' | 'pending' | 'in_progress' | 'done', { tasks: Card[]; total: number }>

/**
 * The columns a person sees. Cards that wait for them stand apart from the pending ones, so the totals still add up to
 * the feature's; `going` are deleted ones whose Undo is still open.
 */
export function columns(
  board: BoardData | undefined,
  waiting: readonly Card[],
  filter: Filter,
  going: ReadonlySet<number>,
): Columns {
  const size = counts(board)
  const loaded = cards(board, 'pending')
  const asks = (card: Card) => card.status === 'needs_input' || card.status === 'blocked'
  const others = new Set(
    [...loaded.filter((c) => !asks(c)), ...cards(board, 'in_progress'), ...cards(board, 'done')].map(
      (c) => c.id,
    ),
  )
  const needs = new Map(waiting.filter((c) => !others.has(c.id)).map((c) => [c.id, c]))
  for (const card of loaded) if (asks(card)) needs.set(card.id, card)

  const filtered = Boolean(filter.category || filter.agent)
  const shown = (card: Card) =>
    !going.has(card.id) &&
    (!filter.category || card.category === filter.category) &&
    (!filter.agent || card.agent_id === filter.agent)
  const column = (list: Card[], total: number) => {
    const tasks = list.filter(shown)
    return { tasks, total: filtered ? tasks.length : total - (list.length - tasks.length) }
  }
  return {
    needs: column([...needs.values()], needs.size),
    pending: column(
      loaded.filter((c) => !asks(c)),
      Math.max(size.pending - needs.size, 0),
    ),
    in_progress: column(cards(board, 'in_progress'), size.in_progress),
    done: column(cards(board, 'done'), size.done),
  }
}

/** The values a filter can have, by what is loaded. */
export function choices(board: BoardData | undefined, field: 'category' | 'agent_id'): string[] {
  const values = new Set<string>()
  for (const column of ['pending', 'in_progress', 'done'] as const)
    for (const card of cards(board, column)) {
      const value = card[field]
      if (value) values.add(value)
    }
  return [...values].sort()
}
