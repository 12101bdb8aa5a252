import type { Schemas } from '@/lib/api/client'

type Day = Schemas['Weekday']
export const weekdays: Day[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
export const dayName = (day: Day) => `${day[0]?.toUpperCase()}${day.slice(1)}`
const short = (day: Day | undefined) => (day ? dayName(day).slice(0, 3) : '')

/** "Mon–Fri", "Sat, Sun", "every day": days in a row are drawn together. */
export function daysText(days: Day[]): string {
  const on = weekdays.map((day) => days.includes(day))
  if (on.every(Boolean)) return 'Every day'
  const runs: string[] = []
  for (let from = 0; from < 7; from++) {
    if (!on[from]) continue
    let to = from
    while (on[to + 1]) to++
    runs.push(
      to - from > 1
        ? `${short(weekdays[from])}–${short(weekdays[to])}`
        : weekdays
            .slice(from, to + 1)
            .map(short)
            .join(', '),
    )
    from = to
  }
  return runs.join(', ')
}

/** "22:00 to 06:00 (next day)"; the same time twice is a whole day. */
export function windowText({ starts, ends }: { starts: string; ends: string }): string {
  if (starts === ends) return `a whole day from ${starts}`
  return `${starts} to ${ends}${ends < starts ? ' (next day)' : ''}`
}
