import { expect, test } from 'vitest'
import { among, integer, text } from './search'

test('only what a page understands is believed, the rest is taken out', () => {
  const cases: [object, object][] = [
    [among('by', 'project', ['project', 'phase']), { by: 'project' }],
    [among('by', 'moon', ['project', 'phase']), { by: undefined }],
    [integer('task', 42), { task: 42 }],
    [integer('task', '42'), { task: 42 }],
    [integer('task', 'abc'), { task: undefined }],
    [integer('task', -1), { task: undefined }],
    [integer('task', 1.5), { task: undefined }],
    [integer('task', undefined), { task: undefined }],
    [text('q', 'cart'), { q: 'cart' }],
    [text('q', 7), { q: '7' }],
    [text('q', ''), { q: undefined }],
    [text('q', ['a']), { q: undefined }],
    [text('q', null), { q: undefined }],
  ]
  for (const [found, expected] of cases) expect(found).toEqual(expected)
})
