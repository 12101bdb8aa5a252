import type { Schemas } from './api/client'
import { fmtCompact, fmtInt } from './format'

type Settings = Schemas['UsageSettings']
type Share = 'moderate_at_percentage' | 'warn_at_percentage' | 'low_at_percentage' | 'pause_at_percentage'

/** The settings as they stand in the form: shares in per cent, numbers as they are typed. */
export type LimitDraft = Record<
  Share | 'monthly_limit' | 'rehearsal_limit' | 'reset_day' | 'time_zone',
  string
> &
  Pick<Settings, 'track_by' | 'measure' | 'auto_resume'>

export const shares = [
  'warn_at_percentage',
  'moderate_at_percentage',
  'low_at_percentage',
  'pause_at_percentage',
] as const

const percent = (share: number) => String(Math.round(share * 10_000) / 100)

export const draftOf = (s: Settings): LimitDraft => ({
  monthly_limit: s.monthly_limit == null ? '' : fmtInt(s.monthly_limit),
  rehearsal_limit: s.rehearsal_limit == null ? '' : fmtInt(s.rehearsal_limit),
  reset_day: String(s.reset_day),
  time_zone: s.time_zone,
  warn_at_percentage: percent(s.warn_at_percentage),
  moderate_at_percentage: percent(s.moderate_at_percentage),
  low_at_percentage: percent(s.low_at_percentage),
  pause_at_percentage: percent(s.pause_at_percentage),
  track_by: s.track_by,
  measure: s.measure,
  auto_resume: s.auto_resume,
})

/** "1,000,000", "1.5M" or "200k" as a number; nothing: no limit; NaN: not a number. */
export function tokensOf(text: string): number | null {
  const plain = text.replaceAll(/[\s,_]/g, '').toLowerCase()
  if (plain === '') return null
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([km]?)$/.exec(plain) ?? []
  return digits === undefined
    ? Number.NaN
    : Math.round(Number(digits) * { '': 1, k: 1e3, m: 1e6 }[unit as '' | 'k' | 'm'])
}

/** What the draft means, or what is wrong with each field. */
export function settingsOf(d: LimitDraft): { settings: Settings; errors: Map<string, string> } {
  const errors = new Map<string, string>()
  for (const key of ['monthly_limit', 'rehearsal_limit'] as const)
    if (Number.isNaN(tokensOf(d[key])))
      errors.set(key, 'A number of tokens, such as 1,000,000, 200k or 5M; empty: no limit.')
  const day = Number(d.reset_day)
  if (!Number.isInteger(day) || day < 1 || day > 31) errors.set('reset_day', 'A day from 1 to 31.')
  const share = (key: Share) => {
    const value = Number(d[key])
    if (d[key].trim() === '' || !(value >= 0 && value <= 100)) errors.set(key, 'From 0 to 100 per cent.')
    return Math.round(value * 100) / 10_000
  }
  const { time_zone, track_by, measure, auto_resume } = d
  const settings: Settings = {
    monthly_limit: tokensOf(d.monthly_limit),
    rehearsal_limit: tokensOf(d.rehearsal_limit),
    reset_day: day,
    warn_at_percentage: share('warn_at_percentage'),
    moderate_at_percentage: share('moderate_at_percentage'),
    low_at_percentage: share('low_at_percentage'),
    pause_at_percentage: share('pause_at_percentage'),
    time_zone: time_zone.trim(),
    track_by,
    measure,
    auto_resume,
  }
  return { settings, errors }
}

const bands = [
  ['pause_at_percentage', 'no new task would start'],
  ['low_at_percentage', 'only small tasks would start'],
  ['moderate_at_percentage', 'features that are begun would be finished first'],
] as const

/** What the settings would mean right now for a project (or all), before they are saved. */
export function preview(name: string, used: number, s: Settings): string {
  if (s.monthly_limit == null) return `${name}: no limit; work goes on.`
  const limit = s.monthly_limit
  const left = limit === 0 ? 0 : Math.max(0, (limit - used) / limit)
  const band = bands.find(([key]) => left <= s[key])
  const warned = left <= s.warn_at_percentage ? ' A warning shows.' : ''
  const share = limit === 0 ? 'all used' : `${Math.floor((used / limit) * 100)}% used`
  return `${name}: ${fmtCompact(used)} of ${fmtInt(limit)}, ${share}; ${band?.[1] ?? 'work goes on as planned'}.${warned}`
}
