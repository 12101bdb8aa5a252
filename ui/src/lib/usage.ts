import type { Schemas } from './api/client'

type Stats = Schemas['UsageStats']
type Settings = Schemas['UsageSettings']
type Item = Schemas['UsageHistoryItem']

/** A limit or budget, and how much of it is used. */
export type Gauge = {
  name: string
  project?: string | undefined
  used: number
  /** Tokens left; a budget in money has none. */
  left?: number | undefined
  resets?: string | null | undefined
  enforced: boolean
}

/** Every limit and budget that counts, the most used first. */
export function gauges(stats: Stats): Gauge[] {
  const own: Gauge[] =
    stats.percentage_used == null
      ? []
      : [
          {
            name: stats.project_name ?? 'All projects',
            project: stats.project_name ?? undefined,
            used: stats.percentage_used,
            left: stats.remaining ?? undefined,
            resets: stats.reset_date,
            enforced: true,
          },
        ]
  const projects = stats.projects.flatMap((p) =>
    p.percentage_used == null
      ? []
      : {
          name: p.project_name,
          project: p.project_name,
          used: p.percentage_used,
          left: p.remaining ?? undefined,
          resets: stats.reset_date,
          enforced: true,
        },
  )
  const budgets = stats.budgets.map((b) => ({
    name: budgetName(b),
    project: b.project_name ?? undefined,
    used: b.percentage_used,
    left: b.measure === 'cost_nusd' ? undefined : b.remaining,
    resets: b.resets_at,
    enforced: b.mode === 'enforce',
  }))
  return [...own, ...projects, ...budgets].sort((a, b) => b.used - a.used)
}

/** The limit or budget that is nearest to its end; nothing without any. */
export const tightest = (stats: Stats): Gauge | undefined => gauges(stats)[0]

/** What holds from which share of the limit that is left, the widest first. */
export function thresholds(s: Settings) {
  return [
    { key: 'moderate', left: s.moderate_at_percentage, effect: 'first what completes a feature' },
    { key: 'warn', left: s.warn_at_percentage, effect: 'a warning' },
    { key: 'low', left: s.low_at_percentage, effect: 'only small tasks (complexity 1 and 2)' },
    { key: 'pause', left: s.pause_at_percentage, effect: 'no new task starts' },
  ].sort((a, b) => b.left - a.left) as Threshold[]
}
export type Threshold = { key: 'moderate' | 'warn' | 'low' | 'pause'; left: number; effect: string }

/** How urgent a gauge is: the strictest threshold that it has passed, warnings only. */
export function alarm({ used, enforced }: Gauge, s: Settings): 'warn' | 'low' | 'pause' | undefined {
  const left = (100 - used) / 100
  const { warn_at_percentage: warn, low_at_percentage: low, pause_at_percentage: pause } = s
  if (enforced && left <= pause) return 'pause'
  if (left <= low && low <= warn) return 'low'
  return left <= warn ? 'warn' : undefined
}

/** Nano-USD of one weighted token: the input of claude-sonnet-4-5, as the server counts it. */
const WEIGHT_NUSD = 3000

/** What one row of the history counts against a limit. */
export function counted(item: Item, measure: Schemas['Measure']): number {
  if (measure === 'weighted_tokens') return Math.round(item.cost_nusd / WEIGHT_NUSD)
  return measure === 'all_tokens'
    ? item.tokens + item.cache_read_tokens + item.cache_write_tokens
    : item.tokens
}

export const measureNames: Record<Schemas['Measure'], string> = {
  total_tokens: 'Input and output',
  all_tokens: 'Input, output and cache',
  weighted_tokens: 'Weighted by price',
}

export const budgetMeasureNames: Record<Schemas['BudgetMeasure'], string> = {
  tokens: 'Input and output tokens',
  all_tokens: 'All tokens, with cache',
  weighted_tokens: 'Tokens weighted by price',
  cost_nusd: 'Cost in USD',
}

export function periodName(p: Schemas['Period']): string {
  switch (p.kind) {
    case 'monthly':
      return p.reset_day === 1 ? 'a month' : `a month from day ${p.reset_day}`
    case 'weekly':
      return `a week from ${p.weekday[0]?.toUpperCase()}${p.weekday.slice(1)}`
    case 'daily':
      return 'a day'
    case 'rolling':
      return p.hours === 1 ? 'in the last hour' : `in the last ${p.hours} hours`
    case 'lifetime':
      return 'in all'
  }
}

/** Whose usage a budget counts, in words. */
export function budgetName(b: Schemas['BudgetView']): string {
  if (b.scope === 'global') return 'All projects'
  if (b.scope === 'project') return b.project_name ?? 'A project'
  const what = { phase: 'phase', feature: 'feature', agent: 'agent' }[b.scope]
  return `${b.project_name ?? ''}: ${what} ${b.subject ?? ''}`.replace(/^: /, '')
}

/** The day of a moment in the settings' time zone, as people write it. */
export function dayIn(at: string, zone: string, year = false): string {
  const form: Intl.DateTimeFormatOptions = {
    month: 'short',
    day: 'numeric',
    ...(year && { year: 'numeric' }),
  }
  try {
    return new Date(at).toLocaleDateString('en', { ...form, timeZone: zone })
  } catch {
    return new Date(at).toLocaleDateString('en', { ...form, timeZone: 'UTC' }) // a zone this browser lacks
  }
}

/** "Nov 1 – Nov 30, 2026": the end of a period is the moment behind its last day. */
export function periodText(start: string, end: string, zone: string): string {
  const last = new Date(Date.parse(end) - 1).toISOString()
  return `${dayIn(start, zone)} – ${dayIn(last, zone, true)}`
}

/** "in about 3 days", from the middle and the 80 % range. */
export function daysText(days: number): string {
  if (days < 1) return 'within a day'
  if (days < 2) return 'in about a day'
  return days > 365 ? 'in more than a year' : `in about ${Math.round(days)} days`
}

/** Rounded down: 100% is shown only when all is used. */
export const usedText = (percent: number) => `${Math.floor(percent)}%`

/** Fills what a rehearsal played: nothing of it was spent. */
export const hatched = 'bg-[repeating-linear-gradient(45deg,var(--c-subtle)_0_2px,transparent_2px_5px)]'
