import type { Schemas } from './api/client'

/** What the server starts with. */
export const settings: Schemas['UsageSettings'] = {
  auto_resume: true,
  low_at_percentage: 0.1,
  measure: 'total_tokens',
  moderate_at_percentage: 0.25,
  monthly_limit: 1_000_000,
  pause_at_percentage: 0.05,
  rehearsal_limit: null,
  reset_day: 1,
  time_zone: 'UTC',
  track_by: 'project',
  warn_at_percentage: 0.2,
}
