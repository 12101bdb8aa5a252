// Texts of others stay texts, and as long as they are they break no layout.
import { expect, expectNoSidewaysScroll, settle, test } from './fixtures'
import { idOf, MARKUP } from './places'

test.use({ profile: 'strange' })

const untouched = async (page: import('@playwright/test').Page) => {
  expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined()
  await expect(page.locator('img[src="x"], a[href^="javascript:"], script:not([src])')).toHaveCount(0)
  expect(
    await page.evaluate(() =>
      performance.getEntriesByType('resource').filter((r) => !r.name.startsWith(location.origin)),
    ),
  ).toEqual([])
}

test('hostile texts are inert and laid out on every screen @phone', async ({ page, shared }) => {
  test.setTimeout(180_000)
  const phase = await idOf(shared, 'hostile', 'phases', MARKUP)
  const feature = await idOf(shared, 'hostile', 'features', MARKUP)
  const task = await idOf(shared, 'hostile', 'tasks', MARKUP)
  const paths = [
    '/',
    '/inbox',
    '/p/hostile',
    '/p/hostile/activity',
    '/p/hostile/agents',
    '/p/hostile/agents/coder-1',
    '/p/hostile/settings',
    `/p/hostile/phases/${phase}`,
    `/p/hostile/phases/${phase}/graph`,
    `/p/hostile/features/${feature}`,
    `/p/hostile/features/${feature}?task=${task}`,
    `/p/hostile/features/${feature}/spec`,
    `/p/hostile/features/${feature}/graph`,
    '/usage',
  ]
  for (const path of paths) {
    await page.goto(path)
    await expect(page.locator('main')).toBeVisible()
    await expect(page.locator('main').getByText(/.{3}/).first()).toBeVisible()
    await settle(page)
    await page.waitForTimeout(150)
    await page.screenshot({
      path: `test-results/pictures/${test.info().project.name}-hostile${path.replaceAll(/[^a-z0-9]+/g, '-')}.png`,
    })
    await untouched(page)
    await expectNoSidewaysScroll(page)
  }
})
