// Ten thousand tasks on one board, and a log of a hundred thousand lines: nothing grows with them.

import { writeFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { idOf } from './places'

test.use({ profile: 'big' })

/** Frames of 300 scroll steps: the median, the 95th of 100, in milliseconds. */
const scroll = (page: Page) =>
  page.getByRole('region', { name: /Pending/ }).evaluate(async (region) => {
    const list = [region, ...region.querySelectorAll('*')].find(
      (each) => each.scrollHeight > each.clientHeight + 1_000,
    )
    const times: number[] = []
    const frame = () => new Promise<number>((done) => requestAnimationFrame(done))
    let last = await frame()
    for (let step = 0; step < 300; step++) {
      list?.scrollBy(0, 120)
      const now = await frame()
      times.push(now - last)
      last = now
    }
    times.sort((a, b) => a - b)
    return { p50: times[150] ?? 0, p95: times[285] ?? 0, scrolled: list?.scrollTop ?? 0 }
  })

test('a board of 10,000 tasks stays small and quick', async ({ page, shared }) => {
  const feature = await idOf(shared, 'big', 'features', 'Rule book')
  await page.goto('/p/big')
  await expect(page.getByText('Rule book').first()).toBeVisible()
  const begun = Date.now()
  await page.goto(`/p/big/features/${feature}`)
  const pending = page.getByRole('region', { name: /Pending/ })
  await expect(pending.locator('[data-task]').first()).toBeVisible()
  const opened = Date.now() - begun
  const frames = await scroll(page)
  expect(frames.scrolled).toBeGreaterThan(10_000)
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length)
  const cards = await page.locator('[data-task]').count()
  expect(nodes).toBeLessThanOrEqual(1_000)
  expect(cards).toBeLessThanOrEqual(80)
  const heap = await page.evaluate(
    () => (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0,
  )
  expect(heap).toBeLessThan(80e6)
  // Times are a trend: recorded, and refused only where something is plainly wrong.
  await writeFile('test-results/board.json', JSON.stringify({ opened, ...frames, nodes, cards, heap }))
  expect(frames.p50).toBeLessThan(100)
  await pending.locator('[data-task][tabindex="0"]').first().focus()
  await page.keyboard.press('End')
  await expect(page.locator(':focus')).toHaveAttribute('data-task', /\d+/)
  await page.keyboard.press('Home')
  await expect(page.locator(':focus')).toHaveAttribute('data-task', /\d+/)
})

test('a filter on 10,000 tasks finds the one', async ({ page, shared }) => {
  const feature = await idOf(shared, 'big', 'features', 'Rule book')
  await page.goto(`/p/big/features/${feature}?q=${encodeURIComponent('Rule 9876 ')}`)
  await expect(page.getByText('Rule 9876 of the rule book is followed').first()).toBeVisible()
  expect(await page.locator('[data-task]').count()).toBeLessThan(5)
})

test('a log of 100,000 lines opens at any of its lines', async ({ page }) => {
  await page.goto('/p/big/agents/coder-1')
  const log = page.getByRole('log')
  await expect(log.getByText(/compiled src/).first()).toBeVisible()
  await page.goto('/p/big/agents/coder-1?line=40000')
  await expect(log.getByText('40000', { exact: false }).first()).toBeVisible()
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(3_000)
})
