// Every screen in light and dark, on a desktop and a phone: a picture, axe, no complaint, no sideways scroll.
import { expect, expectAccessible, expectNoSidewaysScroll, settle, test } from './fixtures'
import { places } from './places'

const names = [
  'projects',
  'phases',
  'phase',
  'review',
  'phase-graph',
  'board',
  'board-done',
  'task',
  'feature-graph',
  'spec',
  'todo-phase',
  'agents',
  'agent',
  'activity',
  'settings',
  'inbox',
  'usage',
  'usage-settings',
  'empty-project',
  'missing',
]

test('the list of screens is whole', async ({ shared }) => {
  expect((await places(shared)).map((place) => place.name)).toEqual(names)
})

for (const name of names)
  test(`${name} holds in light and dark @phone`, async ({ page, shared }, info) => {
    const place = (await places(shared)).find((known) => known.name === name)
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.goto(place?.path ?? '/')
    if (place) await expect(place.ready(page)).toBeVisible()
    await settle(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.screenshot({ path: `test-results/pictures/${info.project.name}-${name}-${colorScheme}.png` })
      await expectAccessible(page)
      await expectNoSidewaysScroll(page)
    }
  })
