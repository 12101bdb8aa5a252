// The pictures of the guide and the README: written only on AUTOCODER_PICTURES=1, agents at work are rehearsed.
import { mkdirSync, statSync } from 'node:fs'
import { expect, settle, changing as test } from './fixtures'
import { idOf, places } from './places'
import type { Server } from './server'

test.skip(!process.env.AUTOCODER_PICTURES, 'AUTOCODER_PICTURES=1 writes them')
test.use({ colorScheme: 'light', viewport: { width: 1280, height: 800 } })

const folder = new URL('../../docs/guide/pictures/', import.meta.url).pathname
const MOST_BYTES = 120_000

/** Each picture and the place it shows. */
const pictures = {
  projects: 'projects',
  phases: 'phases',
  features: 'todo-phase',
  gate: 'review',
  spec: 'spec',
  board: 'board',
  task: 'task',
  graph: 'todo-graph',
  inbox: 'inbox',
  log: 'agent',
  activity: 'activity',
  usage: 'usage',
  'usage-charts': 'usage',
  'usage-settings': 'usage-settings',
  settings: 'todo-settings',
  // Last: it goes on from the gate.
  agents: 'agents',
}

/** Approves the gate and lets two agents rehearse what comes behind it. */
async function putToWork(own: Server) {
  const shop = '/projects/e-commerce'
  for (const id of ['coder-1', 'coder-2']) await own.api('DELETE', `${shop}/agents/${id}`)
  const gate = await idOf(own, 'e-commerce', 'phases', 'Cart and payment')
  await own.api('POST', `${shop}/phases/${gate}/approve`, {})
  for (const id of ['coder-1', 'coder-2']) {
    const agent = { id, role: 'coder', runner: 'rehearsal', options: { speed: 1 } }
    await own.api('POST', `${shop}/agents`, agent)
    await own.api('POST', `${shop}/agents/${id}/start`)
  }
  const atWork = async () => {
    const { items } = await own.api<{ items: { tokens?: number | null; last_line?: string | null }[] }>(
      'GET',
      `${shop}/agents`,
    )
    return items.filter((agent) => agent.last_line && agent.tokens).length
  }
  await expect.poll(atWork, { timeout: 60_000 }).toBe(2)
}

test('the guide has its pictures', async ({ page, own }) => {
  test.setTimeout(180_000)
  mkdirSync(folder, { recursive: true })
  const known = await places(own)
  const core = await idOf(own, 'todo-app', 'phases', 'Core features')
  const more: Record<string, string> = {
    'todo-graph': `/p/todo-app/phases/${core}/graph`,
    'todo-settings': '/p/todo-app/settings?tab=work',
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  for (const [name, shown] of Object.entries(pictures)) {
    if (name === 'agents') await putToWork(own)
    const place = known.find((one) => one.name === shown)
    await page.goto(place?.path ?? more[shown] ?? '/nowhere')
    await expect(place?.ready(page) ?? page.getByRole('heading', { level: 1 })).toBeVisible()
    if (page.url().includes('/p/')) await expect(page.locator('nav[aria-label=Breadcrumb]')).toBeVisible()
    if (name === 'usage-charts')
      await page.getByText('Used so far').evaluate((title) => title.scrollIntoView())
    await settle(page)
    const path = `${folder}${name}.png`
    await page.screenshot({ path })
    expect(statSync(path).size, `${name} is small`).toBeLessThanOrEqual(MOST_BYTES)
  }
})
