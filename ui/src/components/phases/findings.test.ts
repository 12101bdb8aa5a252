import { expect, test } from 'vitest'
import { findingsOf } from './findings'

test.each([
  [
    '# Report\n\n## Findings\n\n- a.rs:1 leaks\n- b.rs:2 is slow\n\n## Risks\n\n- none',
    '- a.rs:1 leaks\n- b.rs:2 is slow',
  ],
  ['### findings, the worst first\r\n1. one\r\n   and more', '1. one\n   and more'],
  ['## Findings\n\nNone.', undefined],
  ['## Risks\n\n- a risk', undefined],
  ['the findings\n- a', undefined],
])('%j has %j', (report, findings) => expect(findingsOf(report)).toBe(findings))
