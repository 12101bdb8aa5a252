// What others do is seen at once, in twelve tabs too; a server that is gone and comes back loses nothing.
import { expect, changing as test } from './fixtures'
import { idOf } from './places'

test.use({
  tolerated: /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|Failed to load resource/,
})

const rename = (
  own: { api: (m: string, p: string, b: unknown) => Promise<unknown> },
  id: number,
  name: string,
) => own.api('PATCH', `/projects/todo-app/tasks/${id}`, { name })

test('a change by another client shows within a second', async ({ page, own }) => {
  const adding = await idOf(own, 'todo-app', 'features', 'Adding items')
  const task = await idOf(own, 'todo-app', 'tasks', 'A search finds parts of words')
  await page.goto(`/p/todo-app/features/${adding}`)
  await expect(page.getByText('A search finds parts of words').first()).toBeVisible()
  const times = []
  for (const name of ['Renamed once', 'Renamed twice', 'Renamed three times']) {
    const begun = Date.now()
    await rename(own, task, name)
    await expect(page.getByText(name).first()).toBeVisible()
    times.push(Date.now() - begun)
  }
  // The best of three: the machine may be busy with something else.
  expect(Math.min(...times)).toBeLessThan(1_000)
})

test('a killed server is said to be gone, and what happened meanwhile shows when it is back', async ({
  page,
  own,
}) => {
  const adding = await idOf(own, 'todo-app', 'features', 'Adding items')
  const task = await idOf(own, 'todo-app', 'tasks', 'A search finds parts of words')
  await page.goto(`/p/todo-app/features/${adding}`)
  await expect(page.getByText('A search finds parts of words').first()).toBeVisible()
  await own.kill()
  await expect(page.getByText(/offline/i).first()).toBeVisible()
  await expect(page.getByText('A search finds parts of words').first()).toBeVisible()
  await own.restart()
  await rename(own, task, 'Renamed while away')
  await expect(page.getByText('Renamed while away').first()).toBeVisible({ timeout: 15_000 })
  await expect(page.getByText(/offline/i)).toHaveCount(0)
})

test('twelve tabs load, stay live, and the one that listens may close', async ({ context, own }) => {
  test.setTimeout(90_000)
  const adding = await idOf(own, 'todo-app', 'features', 'Adding items')
  const task = await idOf(own, 'todo-app', 'tasks', 'A search finds parts of words')
  const tabs = []
  for (let tab = 0; tab < 12; tab++) {
    const page = await context.newPage()
    await page.goto(`/p/todo-app/features/${adding}`)
    await expect(page.getByText('A search finds parts of words').first()).toBeVisible()
    tabs.push(page)
  }
  await tabs[0]?.close()
  await tabs[1]?.waitForTimeout(1_000)
  await rename(own, task, 'Seen in every tab')
  for (const page of tabs.slice(1)) await expect(page.getByText('Seen in every tab').first()).toBeVisible()
})
