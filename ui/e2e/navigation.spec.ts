// Every place has an address: drilling, Back, a cold start, and addresses that lead nowhere.
import { expect, test } from './fixtures'
import { idOf, places } from './places'

test('drilling down by mouse and Back four times lands at home', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'E-Commerce' }).first().click()
  await expect(page).toHaveURL('/p/e-commerce')
  await page
    .getByRole('link', { name: /Cart and payment/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/p\/e-commerce\/phases\/\d+$/)
  await page
    .getByRole('link', { name: /Shopping cart/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/p\/e-commerce\/features\/\d+$/)
  await page.getByRole('region', { name: /Done/ }).getByRole('link').first().click()
  await expect(page).toHaveURL(/\?task=\d+$/)
  await expect(page.getByRole('dialog')).toBeVisible()
  for (let back = 0; back < 4; back++) await page.goBack()
  await expect(page).toHaveURL('/')
  await expect(page.getByRole('link', { name: 'E-Commerce' }).first()).toBeVisible()
})

test('every address opens cold and survives a reload', async ({ page, shared }) => {
  test.setTimeout(180_000)
  for (const { path, ready } of await places(shared)) {
    await page.goto(path)
    await expect(ready(page)).toBeVisible()
    await page.reload()
    await expect(ready(page)).toBeVisible()
    expect(new URL(page.url()).pathname).toBe(new URL(path, shared.url).pathname)
  }
})

test.describe('addresses that lead nowhere', () => {
  test.use({ tolerated: /404/ })
  for (const path of [
    '/p/nobody',
    '/p/e-commerce/phases/999999',
    '/p/e-commerce/features/999999',
    '/p/e-commerce/features/abc',
  ])
    test(`${path} says so and shows a way home`, async ({ page }) => {
      await page.goto(path)
      await expect(page.getByText(/nothing here|there is no/i).first()).toBeVisible()
      await page
        .getByRole('link', { name: /projects/i })
        .first()
        .click()
      await expect(page).toHaveURL('/')
    })
})

test('a bad search parameter is ignored', async ({ page, shared }) => {
  const feature = await idOf(shared, 'todo-app', 'features', 'Adding items')
  await page.goto(`/p/todo-app/features/${feature}?task=abc&q[]=1`)
  await expect(page.getByRole('region', { name: /Pending/ })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

const nobody = { storageState: { cookies: [], origins: [] } }

test('a code logs in once', async ({ browser, shared }) => {
  const url = await shared.loginUrl()
  const known = await (await browser.newContext(nobody)).newPage()
  await known.goto(url)
  await expect(known.getByRole('link', { name: 'E-Commerce' }).first()).toBeVisible()
  expect(new URL(known.url()).hash).toBe('')
  const stranger = await (await browser.newContext(nobody)).newPage()
  await stranger.goto(url)
  await expect(stranger.getByText(/autocoder open/).first()).toBeVisible()
})
