import type { Schemas } from './api/client'
import { fmtCompact } from './format'
import { alarm, dayIn, gauges, usedText } from './usage'

export type Banner = { key: string; red: boolean; text: string; project?: string | undefined }

const effect = {
  warn: '',
  low: ' Only small tasks start now.',
  pause: ' Agents pause after the task at hand.',
}
const order = ['warn', 'low', 'pause'] as const

/** What the strip under the header says: the most urgent of all limits and budgets. */
export function banner(stats: Schemas['UsageStats'], settings: Schemas['UsageSettings']): Banner | undefined {
  const urgent = gauges(stats)
    .flatMap((gauge) => {
      const level = alarm(gauge, settings)
      return level ? [{ gauge, level }] : []
    })
    .sort((a, b) => order.indexOf(b.level) - order.indexOf(a.level) || b.gauge.used - a.gauge.used)[0]
  if (!urgent) return undefined
  const { gauge, level } = urgent
  const left = gauge.left === undefined ? '' : `, ${fmtCompact(gauge.left)} tokens left`
  const resets = gauge.resets ? `, resets ${dayIn(gauge.resets, settings.time_zone)}` : ''
  return {
    key: `${gauge.name}|${level}|${gauge.resets ?? ''}`,
    red: level === 'pause',
    text: `${gauge.name}: ${usedText(gauge.used)} used${left}${resets}.${gauge.enforced ? effect[level] : ''}`,
    project: gauge.project,
  }
}
