// Each dialog: opened by keys, the focus stays inside, Escape closes it and gives the focus back.
import type { Locator, Page } from '@playwright/test'
import { expect, settle, test } from './fixtures'
import { idOf, places } from './places'
import type { Server } from './server'

interface Opened {
  name: string
  path: (shared: Server) => Promise<string>
  by: (page: Page) => Locator
}

const at = (path: string) => () => Promise.resolve(path)
const place = (name: string) => async (shared: Server) =>
  (await places(shared)).find((known) => known.name === name)?.path ?? '/'
const button = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).first()

const dialogs: Opened[] = [
  { name: 'a new project', path: at('/'), by: button('New project') },
  { name: 'a new phase', path: at('/p/e-commerce'), by: button('Add phase') },
  { name: 'a new feature', path: place('todo-phase'), by: button('Add feature') },
  {
    name: 'the approval',
    path: place('phase'),
    by: (page) => page.getByRole('link', { name: 'Review and approve' }).first(),
  },
  {
    name: 'a task',
    path: place('board'),
    by: (page) =>
      page
        .getByRole('region', { name: /Needs you/ })
        .getByRole('link')
        .first(),
  },
  { name: 'a new agent', path: at('/p/e-commerce/agents'), by: button('Add agent') },
  { name: 'a new schedule', path: at('/p/e-commerce/settings?tab=schedules'), by: button('Add schedule') },
  { name: 'a new webhook', path: at('/p/e-commerce/settings?tab=webhooks'), by: button('Add webhook') },
  { name: 'a new token', path: at('/p/e-commerce/settings?tab=tokens'), by: button('Make a token') },
  { name: 'deleting a project', path: at('/p/e-commerce/settings?tab=danger'), by: button('Delete project') },
  { name: 'a new budget', path: at('/usage/settings'), by: button('Add budget') },
  { name: 'the palette', path: at('/'), by: button('Search or jump to') },
]

for (const { name, path, by } of dialogs)
  test(`${name} keeps the focus and gives it back`, async ({ page, shared }) => {
    await page.goto(await path(shared))
    const opener = by(page)
    await expect(opener).toBeVisible()
    await settle(page)
    await opener.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toBeVisible()
    await settle(page)
    for (const key of ['Tab', 'Shift+Tab'])
      for (let press = 0; press < 8; press++) {
        await page.keyboard.press(key)
        expect(await focusIsInside(page)).toBe(true)
      }
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(opener).toBeFocused()
  })

const focusIsInside = (page: Page) =>
  page.evaluate(() => !!document.activeElement?.closest('[role=dialog], [role=alertdialog]'))

test('the help lists the keys and gives the focus back', async ({ page }) => {
  await page.goto('/')
  const link = page.getByRole('link', { name: 'E-Commerce' }).first()
  await link.focus()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog').getByText('Go to usage')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(link).toBeFocused()
})

test('Back closes a dialog that has an address', async ({ page, shared }) => {
  const gate = await idOf(shared, 'e-commerce', 'phases', 'Cart and payment')
  await page.goto(`/p/e-commerce/phases/${gate}`)
  await page.getByRole('link', { name: 'Review and approve' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page).toHaveURL(`/p/e-commerce/phases/${gate}`)
})
