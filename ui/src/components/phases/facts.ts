import type { Schemas } from '@/lib/api/client'

type Review = Schemas['PhaseReview']

/** The figures of a review, counted from its tasks. */
export function facts({ phase, features }: Review) {
  const tasks = features.flatMap((f) => f.tasks)
  const proofs = tasks.flatMap((t) => t.evidence ?? [])
  const ends = features.flatMap(({ feature }) => feature.completed_at ?? [])
  const end = phase.completed_at ?? (ends.length === features.length ? ends.sort().at(-1) : undefined)
  const took = phase.started_at
    ? (end ? Date.parse(end) : Date.now()) - Date.parse(phase.started_at)
    : undefined
  const verified = proofs.filter((p) => p.exit_code === 0).length
  return {
    total: phase.task_count,
    passing: phase.tasks_completed,
    verified,
    failing: proofs.length - verified,
    /** Tasks without proof where others have one. */
    unverified: proofs.length > 0 ? tasks.length - proofs.length : 0,
    lastVerified: proofs
      .map((p) => p.at)
      .sort()
      .at(-1),
    failures: tasks.reduce((n, t) => n + t.failures, 0),
    skips: tasks.reduce((n, t) => n + t.skip_count, 0),
    tookMs: took === undefined ? undefined : Math.max(took, 0),
  }
}
