import type { Agent, Run } from '@/lib/api/queries/agents'

export const roleNames: Record<Agent['role'], string> = {
  planner: 'Planner',
  spec_writer: 'Spec writer',
  coder: 'Coder',
  tester: 'Tester',
  reviewer: 'Reviewer',
}

export const runnerNames: Record<Agent['runner'], string> = {
  'claude-code': 'Claude Code',
  codex: 'Codex',
  gemini: 'Gemini CLI',
  opencode: 'OpenCode',
  command: 'Command',
  rehearsal: 'Rehearsal',
  external: 'External',
}

/** How a run ended, in words. */
export function outcome(run: Run): string {
  if (run.ended_at == null) return 'going on'
  return run.outcome?.replaceAll('_', ' ') ?? 'ended'
}
