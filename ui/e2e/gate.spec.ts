// The approval gate: approve, send back with a reason, and a phase that changed meanwhile.
import { expect, changing as test } from './fixtures'
import { idOf } from './places'

const status = async (own: { api: <T>(m: string, p: string) => Promise<T> }, id: number) =>
  (await own.api<{ status: string }>('GET', `/projects/e-commerce/phases/${id}`)).status

test('approving completes the phase and unlocks the next', async ({ page, own }) => {
  const gate = await idOf(own, 'e-commerce', 'phases', 'Cart and payment')
  await page.goto(`/p/e-commerce/phases/${gate}/review`)
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Shopping cart').first()).toBeVisible()
  await dialog.getByRole('button', { name: /^Approve/ }).click()
  await expect(dialog).toHaveCount(0)
  expect(await status(own, gate)).toBe('completed')
  expect(await status(own, await idOf(own, 'e-commerce', 'phases', 'Launch'))).toBe('in_progress')
})

test('sending back needs a reason and takes the ticked tasks', async ({ page, own }) => {
  const gate = await idOf(own, 'e-commerce', 'phases', 'Cart and payment')
  await page.goto(`/p/e-commerce/phases/${gate}/review`)
  const dialog = page.getByRole('dialog')
  await dialog
    .getByRole('button', { name: /send back/i })
    .first()
    .click()
  await expect(dialog.getByRole('alert').first()).toBeVisible()
  expect(await status(own, gate)).toBe('awaiting_approval')
  await dialog.getByRole('textbox').first().fill('The total is wrong for yen.')
  await dialog
    .getByRole('button', { name: /send back/i })
    .first()
    .click()
  await expect(dialog).toHaveCount(0)
  expect(await status(own, gate)).toBe('in_progress')
})

test('a phase that changed meanwhile is not approved unseen', async ({ page, own }) => {
  const gate = await idOf(own, 'e-commerce', 'phases', 'Cart and payment')
  await page.goto(`/p/e-commerce/phases/${gate}/review`)
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: /^Approve/ })).toBeVisible()
  await own.api('POST', `/projects/e-commerce/phases/${gate}/reject`, { reason: 'not yet' })
  await expect(dialog.getByText(/changed|no longer|not waiting|sent back/i).first()).toBeVisible()
  expect(await status(own, gate)).toBe('in_progress')
})
