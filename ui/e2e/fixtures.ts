// What every spec has: a server, a logged-in page, and a page that must not complain.
import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { type Profile, Server, TOKEN_KEY } from './server'

export { expect }

interface OfTest {
  /** Complaints that the test provokes. */
  tolerated: RegExp
  /** A server of this test alone, which it may change and kill. */
  own: Server
}

interface OfWorker {
  profile: Profile
  /** A server that no test changes. */
  shared: Server
}

const logged = (server: Server) => ({
  cookies: [],
  origins: [{ origin: server.url, localStorage: [{ name: TOKEN_KEY, value: server.token }] }],
})

export const test = base.extend<OfTest, OfWorker>({
  profile: ['e2e', { option: true, scope: 'worker' }],
  shared: [
    async ({ profile }, use) => {
      const server = await Server.start(profile)
      await use(server)
      await server.end()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  own: async ({ profile }, use) => {
    const server = await Server.start(profile)
    await use(server)
    await server.end()
  },
  tolerated: [/(?!)/, { option: true }],
  baseURL: async ({ shared }, use) => use(shared.url),
  storageState: async ({ shared }, use) => use(logged(shared)),
  page: async ({ page, tolerated }, use) => {
    const complaints = listen(page)
    await use(page)
    expect(complaints.filter((text) => !tolerated.test(text))).toEqual([])
  },
})

/** The same with a server of its own for each test. */
export const changing = test.extend({
  baseURL: async ({ own }, use) => use(own.url),
  storageState: async ({ own }, use) => use(logged(own)),
})

/** Everything that a page complains about, reports of its content security policy too. */
export function listen(page: Page) {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`page error: ${error}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`console ${message.type()}: ${message.text()} ${message.location().url}`)
  })
  return complaints
}

/** Fonts are there, and nothing is only a placeholder. */
export async function settle(page: Page) {
  await expect(page.locator('.skeleton')).toHaveCount(0)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
}

export async function expectAccessible(page: Page) {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  const found = violations.flatMap(({ impact, id, nodes }) =>
    nodes.map((node) => `${impact} ${id}: ${node.target} ${node.failureSummary}`),
  )
  expect(found).toEqual([])
}

export async function expectNoSidewaysScroll(page: Page) {
  const widest = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(widest, 'sideways scroll').toBeLessThanOrEqual(0)
  const longer = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)
  expect(longer, 'a second scroll bar: only `main` scrolls').toBeLessThanOrEqual(0)
}
