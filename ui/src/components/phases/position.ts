import type { Phase } from '@/lib/api/queries/phases'

/**
 * The order of a new phase behind `id` (-1: in front of all; unknown: at the end). Of equal orders the older phase
 * comes first, so the order of the phase in front is enough unless others share it.
 */
export function orderBehind(phases: readonly Phase[], id: number): number | undefined {
  if (id === -1) return Math.max((phases[0]?.order ?? 1) - 1, 0)
  const at = phases.findIndex((p) => p.id === id)
  const [front, next] = [phases[at], phases[at + 1]]
  if (!front || !next) return undefined
  return next.order > front.order + 1 ? front.order + 1 : front.order
}
