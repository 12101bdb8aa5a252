// What each screen says when there is nothing yet, and the one thing that it offers.
import { changing, expect, expectAccessible, expectNoSidewaysScroll, settle, test } from './fixtures'
import type { Server } from './server'

const nothing: [path: string, says: RegExp, offers?: string][] = [
  ['/p/new-idea', /no phases yet/i, 'Add the first phase'],
  ['/p/new-idea/agents', /no agents yet/i, 'Add the first agent'],
  ['/p/new-idea/settings?tab=schedules', /no schedule is on/i, 'Add schedule'],
  ['/p/new-idea/settings?tab=webhooks', /tells other programs/i, 'Add webhook'],
]

const look = async (page: import('@playwright/test').Page) => {
  await settle(page)
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
}

for (const [path, says, offers] of nothing)
  test(`${path} says what is missing @phone`, async ({ page }) => {
    await page.goto(path)
    await expect(page.getByText(says).first()).toBeVisible()
    if (offers) await expect(page.getByRole('button', { name: offers })).toBeVisible()
    await look(page)
  })

changing('a phase without features and a feature without tasks offer to add some', async ({ page, own }) => {
  const phase = await own.api<{ id: number }>('POST', '/projects/new-idea/phases', { name: 'First' })
  await page.goto(`/p/new-idea/phases/${phase.id}`)
  await expect(page.getByText('No features yet')).toBeVisible()
  await look(page)
  const feature = await own.api<{ id: number }>('POST', '/projects/new-idea/features', { name: 'One' })
  await page.goto(`/p/new-idea/features/${feature.id}`)
  await expect(page.getByText('Nothing pending.')).toBeVisible()
  await look(page)
  await page.goto(`/p/new-idea/features/${feature.id}/graph`)
  await expect(page.getByText('No tasks yet')).toBeVisible()
  await look(page)
})

changing('a new installation offers the first project', async ({ page, own }) => {
  await removeAll(own)
  await page.goto('/')
  await expect(page.getByText('No projects yet')).toBeVisible()
  await look(page)
  await page.goto('/inbox')
  await expect(page.getByText('Nothing needs you')).toBeVisible()
  await look(page)
  await page.goto('/usage')
  await expect(page.getByRole('heading', { name: 'Usage', exact: true })).toBeVisible()
  await look(page)
})

async function removeAll(own: Server) {
  const { items } = await own.api<{ items: { name: string }[] }>('GET', '/projects')
  for (const { name } of items) await own.api('DELETE', `/projects/${name}?force=true`)
}
