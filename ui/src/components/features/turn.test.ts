import { expect, test } from 'vitest'
import { turnOf } from './turn'

const asked = { id: 7, status: 'pending' as const, spec_requested_at: '2026-11-20T09:00:00Z' }
const run = { id: 3, kind: 'spec' as const, feature_id: 7, ended_at: null, agent_id: 'spec_writer-1' }
const me = { author: 'person:ann' }
const agent = { author: 'agent:spec_writer-1' }

test.each([
  ['an open run writes', asked, [me], [run], 'writing'],
  ['an ended run does not', asked, [me], [{ ...run, ended_at: '2026-11-20T09:01:00Z' }], 'waiting'],
  ['a run of another feature does not', asked, [], [{ ...run, feature_id: 8 }], 'waiting'],
  ['after the agent a person speaks', asked, [me, agent], [], 'yours'],
  ['after a person the agent', asked, [agent, me], [], 'waiting'],
  ['not asked for', { ...asked, spec_requested_at: null }, [agent], [], 'over'],
  ['a stopped run may still be ending', { ...asked, spec_requested_at: null }, [agent], [run], 'over'],
] as const)('%s', (_, feature, messages, runs, is) => {
  expect(turnOf(feature, messages, runs).is).toBe(is)
})
