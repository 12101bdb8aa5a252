// Edits of tasks: shown at once, taken back when the server refuses, undone when the person thinks again.
import { expect, changing as test } from './fixtures'
import { idOf } from './places'

test('a deleted task comes back by Undo', async ({ page, own }) => {
  const adding = await idOf(own, 'todo-app', 'features', 'Adding items')
  const task = await idOf(own, 'todo-app', 'tasks', 'Items sort by age')
  await page.goto(`/p/todo-app/features/${adding}?task=${task}`)
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Items sort by age').first()).toBeVisible()
  await idOf(own, 'todo-app', 'tasks', 'Items sort by age')
})

test.describe('a refused edit', () => {
  test.use({ tolerated: /Failed to load resource/ })
  test('is taken back, and the person is told', async ({ page, own }) => {
    const adding = await idOf(own, 'todo-app', 'features', 'Adding items')
    const task = await idOf(own, 'todo-app', 'tasks', 'Items sort by age')
    const problem = {
      type: 'about:blank',
      title: 'Internal error',
      status: 500,
      detail: 'the disk is full',
      code: 'internal',
    }
    await page.route(/\/tasks\/\d+/, (route) =>
      route.request().method() === 'GET'
        ? route.continue()
        : route.fulfill({
            status: 500,
            contentType: 'application/problem+json',
            body: JSON.stringify(problem),
          }),
    )
    await page.goto(`/p/todo-app/features/${adding}?task=${task}`)
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.getByRole('button', { name: 'Skip for now' }).click()
    await expect(page.getByText('the disk is full').first()).toBeVisible()
  })
})

test('ten tasks are ten lines', async ({ page, own }) => {
  const adding = await idOf(own, 'todo-app', 'features', 'Adding items')
  await page.goto(`/p/todo-app/features/${adding}`)
  await page
    .getByRole('button', { name: /add task/i })
    .first()
    .click()
  const field = page.getByRole('textbox', { name: /task/i }).first()
  for (const name of ['First of three', 'Second of three', 'Third of three']) {
    await field.fill(name)
    await field.press('Enter')
    await expect(field).toHaveValue('')
  }
  for (const name of ['First of three', 'Second of three', 'Third of three'])
    await expect.poll(() => idOf(own, 'todo-app', 'tasks', name).catch(() => 0)).toBeGreaterThan(0)
})
