import { expect, test } from 'vitest'
import { tasksOfSpec } from './specTasks'

const names = (spec: string) => tasksOfSpec(spec).map((t) => t.name)

test.each([
  [
    'points below the acceptance heading',
    '# A\n- no\n## Accepted when\n- one.\n- two\n## Notes\n- no',
    ['one', 'two'],
  ],
  ['all points without such a heading', 'Text\n* one\n1. two\n2) three', ['one', 'two', 'three']],
  ['ticked points are done already', '## Acceptance criteria\n- [x] one\n- [ ] two', ['two']],
  ['code is not a list', '## Accepted when\n```\n- no\n```\n- one', ['one']],
  ['emphasis and links become words', '- **Bold** [link](http://x) `code`', ['Bold link `code`']],
  ['a lower heading stays in the section', '## Accepted when\n### Web\n- one\n## Else\n- no', ['one']],
  ['nothing of nothing', '', []],
  ['nothing of prose', 'Just words.', []],
])('%s', (_, spec, expected) => {
  expect(names(spec)).toEqual(expected)
})

test('points below a point are its steps, and its next lines its description', () => {
  expect(tasksOfSpec('- Sign in\n  with a code\n  - open /login\n  - type the code\n- Sign out')).toEqual([
    {
      name: 'Sign in',
      description: 'with a code',
      category: 'functional',
      estimated_complexity: 2,
      priority: 500,
      steps: ['open /login', 'type the code'],
    },
    {
      name: 'Sign out',
      description: '',
      category: 'functional',
      estimated_complexity: 2,
      priority: 500,
      steps: [],
    },
  ])
})

test('a long point is shortened, and kept whole in the description', () => {
  const long = `The list ${'is very long and '.repeat(12)}ends`
  const [task] = tasksOfSpec(`- ${long}`)
  expect(task?.name.length).toBeLessThanOrEqual(120)
  expect(task?.name).toMatch(/…$/)
  expect(task?.description).toBe(long)
})
