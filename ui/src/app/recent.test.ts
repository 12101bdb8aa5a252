// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { visited, visits } from './recent'

beforeEach(() => localStorage.clear())

test('a place that is seen again comes first, once', () => {
  for (const path of ['/p/a', '/p/b', '/p/a']) visited({ path, title: path })
  expect(visits().map(({ path }) => path)).toEqual(['/p/a', '/p/b'])
})

test('the oldest places are forgotten', () => {
  for (let n = 0; n < 20; n++) visited({ path: `/p/${n}`, title: `${n}` })
  expect(visits().map(({ title }) => title)).toEqual(['19', '18', '17', '16', '15', '14'])
})

test('what is not a list of places counts as nothing', () => {
  for (const kept of ['{', '{}', '[1, null, {"path": 3}]']) {
    localStorage.setItem('autocoder-recent', kept)
    expect(visits()).toEqual([])
  }
})
