// What a screen shows while it waits, when the server fails, and without a network; and what it does for other eyes.
import { expect, expectNoSidewaysScroll, test } from './fixtures'
import { places } from './places'

const screens = ['projects', 'phases', 'board', 'agents', 'usage', 'inbox']

for (const name of screens) {
  test(`${name} keeps its place while it loads`, async ({ page, shared }) => {
    const place = (await places(shared)).find((known) => known.name === name)
    let release = () => {}
    const held = new Promise<void>((done) => {
      release = done
    })
    await page.route(/\/api\/(?!events|auth)/, async (route) => {
      await held
      await route.continue()
    })
    await page.goto(place?.path ?? '/')
    await expect(page.locator('.skeleton, [aria-busy="true"]').first()).toBeVisible()
    release()
    if (place) await expect(place.ready(page)).toBeVisible()
  })

  test.describe(() => {
    test.use({ tolerated: /Failed to load resource|500/ })
    test(`${name} says what failed and tries again`, async ({ page, shared }) => {
      const place = (await places(shared)).find((known) => known.name === name)
      let fails = true
      const problem = {
        type: 'about:blank',
        title: 'Internal error',
        status: 500,
        detail: 'the disk is full',
        code: 'internal',
      }
      await page.route(/\/api\/(?!events|auth)/, (route) =>
        fails
          ? route.fulfill({
              status: 500,
              contentType: 'application/problem+json',
              body: JSON.stringify(problem),
            })
          : route.continue(),
      )
      await page.goto(place?.path ?? '/')
      await expect(page.getByText('the disk is full').first()).toBeVisible({ timeout: 20_000 })
      fails = false
      await page
        .getByRole('button', { name: /try again/i })
        .first()
        .click()
      if (place) await expect(place.ready(page)).toBeVisible()
    })
  })
}

test('nothing is lost at 320 px, at twice the size, with forced colours and without motion', async ({
  page,
  shared,
}) => {
  test.setTimeout(180_000)
  await page.setViewportSize({ width: 320, height: 640 })
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
  for (const { path, ready } of await places(shared)) {
    await page.goto(path)
    await expect(ready(page)).toBeVisible()
    await expectNoSidewaysScroll(page)
  }
})
