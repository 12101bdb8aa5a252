import type { Schemas } from '@/lib/api/client'

export type WorkDraft = {
  verify: string
  verify_timeout_s: string
  max_failures: string
  writers_per_feature: string
  regression_percent: string
  max_agents: string
  stagger_s: string
  isolation: Schemas['Isolation']
}

/** Commands, one a line; empty lines say nothing. */
export const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

export const workDraft = (s: Schemas['ProjectSettings']): WorkDraft => ({
  verify: s.verify.join('\n'),
  verify_timeout_s: String(s.verify_timeout_s),
  max_failures: String(s.max_failures),
  writers_per_feature: String(s.writers_per_feature),
  regression_percent: String(s.regression_percent),
  max_agents: String(s.max_agents),
  stagger_s: String(s.stagger_s),
  isolation: s.isolation,
})

export const workOf = (d: WorkDraft): Schemas['EditSettings'] => ({
  verify: linesOf(d.verify),
  verify_timeout_s: Number(d.verify_timeout_s),
  max_failures: Number(d.max_failures),
  writers_per_feature: Number(d.writers_per_feature),
  regression_percent: Number(d.regression_percent),
  max_agents: Number(d.max_agents),
  stagger_s: Number(d.stagger_s),
  isolation: d.isolation,
})
