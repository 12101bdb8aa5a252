import { expect, test } from 'vitest'
import { agentDraft, bodyOf } from './draft'

test('a command has one part a line, and no options of other runners', () => {
  const draft = {
    ...agentDraft(undefined),
    runner: 'command' as const,
    command: 'my agent\n\n {prompt_file} ',
  }
  expect(bodyOf(draft).options).toMatchObject({ command: ['my agent', '{prompt_file}'], fail_rate: 0 })
})

test('a rehearsal has numbers', () => {
  const draft = { ...agentDraft(undefined), runner: 'rehearsal' as const, speed: '200', fail_rate: '0.2' }
  expect(bodyOf(draft).options).toMatchObject({ command: [], speed: 200, fail_rate: 0.2, seed: 1 })
})
