// The mouse is never used.
import { changing, expect, test } from './fixtures'
import { idOf } from './places'

changing('palette, project, phase, board, card, edit and approval by keys alone', async ({ page, own }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'E-Commerce' }).first()).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('todo')
  const hit = page.getByRole('option', { name: /todo-app/ }).first()
  await expect(hit).toBeVisible()
  for (let key = 0; key < 30 && (await hit.getAttribute('aria-selected')) !== 'true'; key++)
    await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/p\/todo-app/)
  const adding = await idOf(own, 'todo-app', 'features', 'Adding items')
  await page.goto(`/p/todo-app/features/${adding}`)
  const pending = page.getByRole('region', { name: /Pending/ })
  await pending.locator('[tabindex="0"][data-task]').focus()
  await page.keyboard.press('End')
  const card = await page.locator(':focus').getAttribute('data-task')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.locator(':focus')).toHaveAttribute('data-task', String(card))

  const gate = await idOf(own, 'e-commerce', 'phases', 'Cart and payment')
  await page.goto(`/p/e-commerce/phases/${gate}/review`)
  await expect(page.getByRole('dialog').getByRole('button', { name: /^Approve/ })).toBeEnabled()
  await page.keyboard.press('Control+Enter')
  await expect
    .poll(
      async () => (await own.api<{ status: string }>('GET', `/projects/e-commerce/phases/${gate}`)).status,
    )
    .toBe('completed')
})

test('Escape leaves the palette and gives the focus back', async ({ page }) => {
  await page.goto('/')
  const link = page.getByRole('link', { name: 'E-Commerce' }).first()
  await link.focus()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(link).toBeFocused()
})

test('the first Tab offers the way to the content', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'E-Commerce' }).first()).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.locator(':focus')).toHaveText(/skip/i)
})

test('a key does nothing while a person types', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'E-Commerce' }).first()).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').pressSequentially('gu?n')
  await expect(page.getByRole('combobox')).toHaveValue('gu?n')
  await expect(page).toHaveURL('/')
})
