import type { Schemas } from '@/lib/api/client'

/** A task as a form holds it: steps are lines. */
export type Draft = {
  name: string
  description: string
  steps: string
  category: string
  estimated_complexity: number
}

type Source = Pick<
  Schemas['TaskView'],
  'name' | 'description' | 'steps' | 'category' | 'estimated_complexity'
>

export const draftOf = (t: Source): Draft => ({
  name: t.name,
  description: t.description,
  steps: t.steps.join('\n'),
  category: t.category,
  estimated_complexity: t.estimated_complexity,
})

export const lines = (text: string) => text.split('\n').flatMap((line) => line.trim() || [])

/** Only what differs is sent, so that an edit of one field never touches another. */
export function changes(from: Draft, to: Draft): Schemas['EditTask'] {
  const body: Schemas['EditTask'] = {}
  if (to.name.trim() !== from.name) body.name = to.name.trim()
  if (to.description !== from.description) body.description = to.description
  if (to.category.trim() !== from.category) body.category = to.category.trim()
  if (to.estimated_complexity !== from.estimated_complexity)
    body.estimated_complexity = to.estimated_complexity
  if (lines(to.steps).join('\n') !== lines(from.steps).join('\n')) body.steps = lines(to.steps)
  return body
}
