import { expect, test } from 'vitest'
import { burnUp } from './burnup'

const days = [
  { date: '2026-10-31', used: 999 },
  { date: '2026-11-01', used: 10 },
  { date: '2026-11-02', used: 0 },
  { date: '2026-11-03', used: 20 },
]

test('use adds up over the days of the period alone', () => {
  const { points, days: length } = burnUp(days, '2026-11-01', '2026-11-30', undefined, 0)
  expect(points).toEqual([
    { day: 1, sum: 10 },
    { day: 2, sum: 10 },
    { day: 3, sum: 30 },
  ])
  expect(length).toBe(30)
})

test('the pace meets the limit on the day it falls', () => {
  const { falls, pace } = burnUp(days, '2026-11-01', '2026-11-30', 100, 10)
  expect(falls).toBe(10)
  expect(pace).toEqual({ from: { day: 3, sum: 30 }, to: { day: 30, sum: 300 } })
})

test('a limit that holds does not fall, and the scale covers it', () => {
  const { falls, top } = burnUp(days, '2026-11-01', '2026-11-30', 1000, 1)
  expect(falls).toBeUndefined()
  expect(top).toBe(1000)
})

test('without pace or on the last day nothing is drawn ahead', () => {
  expect(burnUp(days, '2026-11-01', '2026-11-30', 100, 0).pace).toBeUndefined()
  expect(burnUp(days, '2026-11-01', '2026-11-03', 100, 10).pace).toBeUndefined()
  expect(burnUp([], '2026-11-01', '2026-11-03', 100, 10).points).toEqual([])
})
