// Without the server what was read stays readable and nothing can be written; when it is back, so is everything.
import { expect, expectAccessible, changing as test } from './fixtures'
import { places } from './places'

test.use({ tolerated: /ERR_|Failed to load resource|Failed to fetch|reading 'PhaseTimeline'/ })
test.setTimeout(60_000)

const screens: [name: string, kept: RegExp, writes: RegExp][] = [
  ['projects', /E-Commerce/, /^New project$/],
  ['phases', /Cart and payment/, /^Add phase$/],
  ['board', /Undo brings an item back/, /^Add task$/],
  ['review', /10 of 10 tasks/, /^Approve phase$/],
  ['agents', /coder-1/, /^Start$/],
]

for (const [name, kept, writes] of screens)
  test(`${name} stays readable offline and is live again afterwards`, async ({ page, own }) => {
    const path = (await places(own)).find((place) => place.name === name)?.path ?? '/'
    await page.goto(path)
    const text = page.getByText(kept).first()
    const write = page.getByRole('button', { name: writes }).first()
    await expect(text).toBeVisible()
    await expect(write).toBeEnabled()
    await own.kill()
    await expect(page.getByText('Offline, retrying')).toBeVisible({ timeout: 15_000 })
    await expect(text).toBeVisible()
    await expect(write).toBeDisabled()
    await expectAccessible(page)
    await own.restart()
    await expect(page.getByText('Offline, retrying')).toHaveCount(0, { timeout: 15_000 })
    await expect(write).toBeEnabled()
  })

test('a page whose files are gone is loaded anew, once', async ({ page }) => {
  let loads = 0
  page.on('load', () => {
    loads++
  })
  let isGone = true
  await page.route(/\/assets\/PhaseTimeline-.*\.js$/, (route) =>
    isGone ? route.fulfill({ status: 404, body: 'gone' }) : route.continue(),
  )
  await page.goto('/')
  const link = page.getByRole('link', { name: 'E-Commerce' }).first()
  await expect(link).toBeVisible()
  await link.click()
  await expect.poll(() => loads).toBe(2)
  await page.waitForTimeout(1_500)
  expect(loads, 'not for ever').toBe(2)
  isGone = false
  await page.reload()
  await page.goto('/p/e-commerce')
  await expect(page.getByRole('heading', { name: 'Launch' })).toBeVisible()
})
