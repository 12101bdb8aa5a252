export type BurnDay = { date: string; used: number }
export type BurnUp = {
  /** Used by the end of each day, from the first day of the period on. */
  points: { day: number; sum: number }[]
  /** From today to where the pace meets the limit, or to the end of the period. */
  pace: { from: { day: number; sum: number }; to: { day: number; sum: number } } | undefined
  days: number
  top: number
  /** The day, counted from the start, on which the limit falls; nothing when it holds. */
  falls: number | undefined
}

const DAY = 86_400_000
const midnight = (date: string) => Date.parse(`${date}T00:00:00Z`)

/**
 * The use of a period added up day by day. `first` and `last` are its days, both included; `pace` is tokens a day.
 * A day that is going on counts with what it has, at its end.
 */
export function burnUp(
  history: BurnDay[],
  first: string,
  last: string,
  limit: number | undefined,
  pace: number,
): BurnUp {
  const days = Math.round((midnight(last) - midnight(first)) / DAY) + 1
  let sum = 0
  const points = history
    .filter(({ date }) => date >= first && date <= last)
    .sort((a, b) => (a.date < b.date ? -1 : 1))
    .map(({ date, used }) => {
      sum += used
      return { day: Math.round((midnight(date) - midnight(first)) / DAY) + 1, sum }
    })
  const from = points.at(-1)
  if (!from || pace <= 0 || from.day >= days)
    return { points, pace: undefined, days, top: Math.max(limit ?? 0, sum), falls: undefined }
  const atEnd = from.sum + pace * (days - from.day)
  const meets = limit === undefined ? undefined : from.day + (limit - from.sum) / pace
  const falls = meets !== undefined && meets >= from.day && meets <= days ? meets : undefined
  return {
    points,
    pace: { from, to: { day: days, sum: atEnd } },
    days,
    top: Math.max(limit ?? 0, sum, Math.min(atEnd, 1.25 * Math.max(limit ?? atEnd, sum))),
    falls,
  }
}
