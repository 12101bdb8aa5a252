import type { Schemas } from '@/lib/api/client'
import { type About, about } from './sentence'

type Event = Schemas['Event']
/** A heading knows the event below it: a clock that was set back brings a day twice. */
export type Row = { day: string; above: number } | { event: Event }

export const dayName = (at: string) =>
  new Date(at).toLocaleDateString('en', { weekday: 'long', month: 'long', day: 'numeric' })

/** The events of a part, with a heading ahead of each day's first. */
export function rowsOf(events: Event[], wanted: About | undefined): Row[] {
  let day = ''
  return events
    .filter((event) => !wanted || about(event) === wanted)
    .flatMap((event): Row[] => {
      const name = dayName(event.at)
      if (name === day) return [{ event }]
      day = name
      return [{ day, above: event.id }, { event }]
    })
}
