import { expect, test } from 'vitest'
import { BOX, type Box, criticalPath, curve, type Link, layers, layout } from './layout'

const boxes = (...weights: number[]): Box[] => weights.map((weight, i) => ({ id: i + 1, weight }))
const links = (...pairs: [number, number][]): Link[] => pairs.map(([from, to]) => ({ from, to }))

test('a task stands right of everything it waits for', () => {
  const of = layers(boxes(1, 1, 1, 1), links([1, 2], [2, 4], [1, 4], [3, 4]))
  expect([...of]).toEqual([
    [1, 0],
    [2, 1],
    [3, 0],
    [4, 2],
  ])
})

test('links to tasks of elsewhere are left out', () => {
  const { paths } = layout(boxes(1, 1), links([9, 1], [1, 2]))
  expect(paths.map((p) => [p.from, p.to])).toEqual([[1, 2]])
})

test.each([
  ['the heavier chain', boxes(1, 5, 1, 1), links([1, 2], [1, 3], [3, 4]), [1, 2]],
  ['the longer one of equal work', boxes(2, 2, 4, 0), links([1, 2], [3, 4]), [1, 2]],
  ['what is finished is cut off', boxes(0, 3, 2), links([1, 2], [2, 3]), [2, 3]],
  ['none without links', boxes(1, 2), links(), []],
  ['none when all is finished', boxes(0, 0), links([1, 2]), []],
])('critical path: %s', (_, b, l, path) => {
  expect(criticalPath(b, l)).toEqual(path)
})

test('boxes never overlap and stay inside, whatever the graph', () => {
  for (let seed = 1; seed <= 30; seed++) {
    let state = seed
    const random = (below: number) => {
      state = (state * 48271) % 2147483647
      return state % below
    }
    const b = boxes(...Array.from({ length: 3 + random(40) }, () => random(6)))
    const l = b.flatMap(({ id }) =>
      Array.from({ length: id > 1 ? random(3) : 0 }, () => ({ from: 1 + random(id - 1), to: id })),
    )
    const { boxes: placed, width, height, paths } = layout(b, l)
    expect(placed).toHaveLength(b.length)
    for (const p of placed) {
      expect(p.x >= 0 && p.x + BOX.width <= width && p.y >= 0 && p.y + BOX.height <= height).toBe(true)
      for (const q of placed)
        if (p.id < q.id && p.x === q.x) expect(Math.abs(p.y - q.y)).toBeGreaterThanOrEqual(BOX.height)
    }
    for (const { points } of paths)
      for (const [i, { x }] of points.entries())
        if (i > 0) expect(x).toBeGreaterThan(points[i - 1]?.x ?? Number.NaN)
  }
})

test('a straight link is a line and a bent one a curve', () => {
  expect(
    curve([
      { x: 0, y: 5 },
      { x: 10, y: 5 },
      { x: 20, y: 9 },
    ]),
  ).toBe('M0,5L10,5C15,5 15,9 20,9')
})

test('nothing gives an empty picture', () => {
  expect(layout([], [])).toEqual({ boxes: [], paths: [], critical: new Set(), width: 0, height: 0 })
})
