import type { Group, HistoryItem } from '@/lib/api/queries/usage'
import type { Cell } from '@/lib/csv'

const nameless: Record<Group, string> = {
  day: '',
  model: 'No model named',
  project: 'Work outside of projects',
  phase: 'Outside of phases',
  feature: 'Outside of features',
  task: 'Outside of tasks',
  agent: 'Outside of agents',
}

/** What a row of the history is called. */
export function historyName(group: Group, i: HistoryItem): string {
  if (group === 'day') return i.date ?? ''
  if (group === 'model') return i.model || nameless.model
  return i.name ?? (i.id === undefined ? nameless[group] : `Deleted ${group} ${i.id}`)
}

export const groupNames: Record<Group, string> = {
  day: 'Day',
  project: 'Project',
  phase: 'Phase',
  feature: 'Feature',
  task: 'Task',
  model: 'Model',
  agent: 'Agent',
}

export const historyColumns = (group: Group) => [
  groupNames[group],
  'Input',
  'Output',
  'Cache read',
  'Cache written',
  'Cost in USD',
  'Without a price',
  'Rehearsed',
]

export const historyRow = (group: Group, i: HistoryItem): Cell[] => [
  historyName(group, i),
  i.input_tokens,
  i.output_tokens,
  i.cache_read_tokens,
  i.cache_write_tokens,
  (i.cost_nusd / 1e9).toFixed(4),
  i.unpriced_tokens,
  i.rehearsal_tokens,
]
