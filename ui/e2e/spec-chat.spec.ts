// The conversation about a spec, with the rehearsal agent as the writer: turns, Stop, a reload, and tasks in one call.
import { expect, changing as test } from './fixtures'
import { idOf } from './places'
import type { Server } from './server'

test.setTimeout(60_000)

const SHOP = '/projects/e-commerce'

/** A feature without a spec, and a rehearsed writer of that speed who has nothing else to do. */
async function prepare(own: Server, speed: number) {
  const feature = await idOf(own, 'e-commerce', 'features', 'Reviews')
  const other = await idOf(own, 'e-commerce', 'features', 'Wish lists')
  await own.api('POST', `${SHOP}/features/${other}/spec/stop`)
  await own.api('POST', `${SHOP}/agents`, {
    id: 'spec-w',
    role: 'spec_writer',
    runner: 'rehearsal',
    options: { speed },
  })
  return feature
}

const start = async (page: import('@playwright/test').Page) => {
  await page.getByLabel('What drives it').selectOption('rehearsal')
  await page.getByRole('button', { name: 'Start a spec writer' }).click()
}

test('an agent writes in turns, and as many tasks are made as promised', async ({ page, own }) => {
  const feature = await prepare(own, 500)
  await page.goto(`/p/e-commerce/features/${feature}/spec`)
  const messages = page.getByRole('log', { name: 'Messages' })
  const spec = page.getByRole('region', { name: 'Spec', exact: true })
  await start(page)
  await expect(messages.getByText(/I propose \d tasks/)).toBeVisible({ timeout: 20_000 })
  await expect(spec.getByRole('heading', { name: 'Acceptance' })).toBeVisible()
  await expect(messages.getByText('Your turn')).toBeVisible()

  await page.getByLabel('Message about the spec').fill('Stars only')
  await page.getByLabel('Message about the spec').press('Enter')
  await expect(messages.getByText('Stars only')).toBeVisible()
  await expect(spec.getByText('Stars only')).toBeVisible({ timeout: 20_000 })
  await expect(spec.getByRole('heading', { name: 'Decisions' })).toBeVisible()

  const create = page.getByRole('button', { name: /^Create \d tasks$/ })
  const promised = /\d+/.exec((await create.textContent()) ?? '')?.[0]
  await create.click()
  await expect(page.getByText(`${promised} tasks created.`)).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`/features/${feature}$`))
  await expect(page.getByRole('heading', { name: `Pending ${promised}` })).toBeVisible()
  const made = await own.api<{ task_count: number }>('GET', `${SHOP}/features/${feature}`)
  expect(String(made.task_count)).toBe(promised)
})

test('a turn goes on through a reload, and Stop ends it', async ({ page, own }) => {
  const feature = await prepare(own, 0.5)
  await page.goto(`/p/e-commerce/features/${feature}/spec`)
  const writing = page.getByText('spec-w is writing')
  const words = page.getByRole('log', { name: 'Messages' }).getByText(/I read the code/)
  await start(page)
  await expect(words).toBeVisible({ timeout: 20_000 })
  await expect(writing).toBeVisible()
  await page.reload()
  await expect(words).toBeVisible()
  await expect(writing).toBeVisible()
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(writing).toHaveCount(0, { timeout: 20_000 })
  await expect(page.getByRole('button', { name: 'Ask an agent' })).toBeVisible()
  await expect(words).toBeVisible()
  const stopped = await own.api<{ status: string }>('GET', `${SHOP}/features/${feature}`)
  expect(stopped.status).toBe('pending')
})

test('without an agent a person writes the spec and takes the tasks from it', async ({ page, own }) => {
  const feature = await idOf(own, 'e-commerce', 'features', 'Reviews')
  await page.goto(`/p/e-commerce/features/${feature}/spec`)
  await page.getByRole('button', { name: 'Write it' }).click()
  const text =
    '## Goal\n\nVisitors say what they think.\n\n## Accepted when\n- A review has stars\n- A review has words'
  await page.getByLabel('Spec, in Markdown').fill(text)
  await page.getByRole('button', { name: 'Save spec' }).click()
  await expect(page.getByRole('heading', { name: 'Accepted when' })).toBeVisible()
  await page.getByRole('button', { name: 'Take 2 from the spec' }).click()
  await page.getByRole('checkbox', { name: /A review has words/ }).uncheck()
  await page.getByRole('button', { name: 'Create 1 task' }).click()
  await expect(page.getByRole('region', { name: 'Pending' }).getByText('A review has stars')).toBeVisible()
})

test('what was typed is kept until it is sent', async ({ page, own }) => {
  const feature = await idOf(own, 'e-commerce', 'features', 'Reviews')
  await page.goto(`/p/e-commerce/features/${feature}/spec`)
  const field = page.getByLabel('Message about the spec')
  await field.fill('Half a thought')
  await page.reload()
  await expect(field).toHaveValue('Half a thought')
})
