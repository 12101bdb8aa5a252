import type { Schemas } from '@/lib/api/client'
import type { Agent } from '@/lib/api/queries/agents'

/** An agent as it stands in the form. */
export type AgentDraft = Pick<Agent, 'role' | 'runner'> & {
  id: string
  model: string
  /** One part a line, so that a part may hold spaces. */
  command: string
  speed: string
  fail_rate: string
  seed: string
  /** Empty: as the project says. */
  isolation: Schemas['Isolation'] | ''
}

export const agentDraft = (a: Agent | undefined): AgentDraft => ({
  id: a?.id ?? '',
  role: a?.role ?? 'coder',
  runner: a?.runner ?? 'claude-code',
  model: a?.model ?? '',
  command: a?.options.command.join('\n') ?? '',
  speed: String(a?.options.speed ?? 60),
  fail_rate: String(a?.options.fail_rate ?? 0),
  seed: String(a?.options.seed ?? 1),
  isolation: a?.options.isolation ?? '',
})

/** A person names the program of these. */
export const ownProgram = (runner: Agent['runner']) => runner === 'command'

/** What the server is told; options of other runners are left at their defaults. */
export function bodyOf(d: AgentDraft): Schemas['EditAgent'] {
  const rehearsal = d.runner === 'rehearsal'
  const parts = d.command
    .split('\n')
    .map((part) => part.trim())
    .filter(Boolean)
  return {
    role: d.role,
    runner: d.runner,
    model: d.model.trim(),
    options: {
      command: ownProgram(d.runner) ? parts : [],
      speed: rehearsal ? Number(d.speed) : 1,
      fail_rate: rehearsal ? Number(d.fail_rate) : 0,
      seed: rehearsal ? Number(d.seed) : 1,
      isolation: d.isolation === '' ? null : d.isolation,
    },
  }
}
