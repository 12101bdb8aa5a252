/** The names of the plan's parts, as the server describes them. */
import type { Schemas } from './api/client'

export type Project = Schemas['ProjectView']
export type Phase = Schemas['PhaseView']
export type Feature = Schemas['FeatureView']
export type Task = Schemas['TaskView']
export type UsageStats = Schemas['UsageStats']
export type UsageHistory = Schemas['UsageHistory']

/** How far down a person looks. */
export type ViewLevel = 'projects' | 'phases' | 'features' | 'tasks'

export type NavigationState = {
  level: ViewLevel
  project: string | undefined
  phase: number | undefined
  feature: number | undefined
  /** A side of a project that is no level: its agents, its settings. */
  section: string | undefined
}
