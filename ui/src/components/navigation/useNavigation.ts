import { useLocation, useParams } from '@tanstack/react-router'
import type { NavigationState } from '@/lib/types'

const sections: [RegExp, string][] = [
  [/\/agents\/([^/]+)/, ''],
  [/\/agents$/, 'Agents'],
  [/\/activity$/, 'Activity'],
  [/\/settings$/, 'Settings'],
  [/\/graph$/, 'Dependencies'],
  [/\/spec$/, 'Spec'],
]

/** Where the person is: the seed's state, read from the address, which is the only place that keeps it. */
export function useNavigation(): NavigationState {
  const p = useParams({ strict: false }) as {
    project?: string
    phase?: number
    feature?: number
    agent?: string
  }
  const path = useLocation({ select: (location) => location.pathname })
  const found = sections.find(([pattern]) => pattern.test(path))
  const section = p.project && found ? found[1] || (p.agent ?? '') : undefined
  const level = p.feature ? 'tasks' : p.phase ? 'features' : p.project ? 'phases' : 'projects'
  return { level, project: p.project, phase: p.phase, feature: p.feature, section }
}
