// Every screen: its address in the seeded data, and what is on it once it is ready.
import type { Locator, Page } from '@playwright/test'
import type { Server } from './server'

interface Named {
  id: number
  name: string
}

export interface Place {
  name: string
  path: string
  ready: (page: Page) => Locator
}

const find = (items: Named[], name: string) => {
  const found = items.find((item) => item.name === name)
  if (!found) throw new Error(`the seed has no \`${name}\``)
  return found.id
}

/** A name that would set `window.hacked` if it ran; the seed's. */
export const MARKUP = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'

export async function idOf(
  server: Server,
  project: string,
  noun: 'phases' | 'features' | 'tasks',
  name: string,
) {
  const query = noun === 'tasks' ? '?status=all&limit=1000' : '?limit=1000'
  const { items } = await server.api<{ items: Named[] }>('GET', `/projects/${project}/${noun}${query}`)
  return find(items, name)
}

export async function places(server: Server): Promise<Place[]> {
  const [gate, cart, adding, keys, core, asked] = await Promise.all([
    idOf(server, 'e-commerce', 'phases', 'Cart and payment'),
    idOf(server, 'e-commerce', 'features', 'Shopping cart'),
    idOf(server, 'todo-app', 'features', 'Adding items'),
    idOf(server, 'todo-app', 'features', 'Keyboard shortcuts'),
    idOf(server, 'todo-app', 'phases', 'Core features'),
    idOf(server, 'todo-app', 'tasks', 'Paste adds several items'),
  ])
  const shop = '/p/e-commerce'
  const todo = '/p/todo-app'
  const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { name }).first()
  const dialog = (page: Page) => page.getByRole('dialog')
  return [
    { name: 'projects', path: '/', ready: (page) => page.getByRole('link', { name: 'E-Commerce' }).first() },
    { name: 'phases', path: shop, ready: heading('Launch') },
    {
      name: 'phase',
      path: `${shop}/phases/${gate}`,
      ready: (page) => page.getByText('Shopping cart').first(),
    },
    { name: 'review', path: `${shop}/phases/${gate}/review`, ready: dialog },
    {
      name: 'phase-graph',
      path: `${shop}/phases/${gate}/graph`,
      ready: (page) => page.getByText('Goods go into the cart').first(),
    },
    {
      name: 'board',
      path: `${todo}/features/${adding}`,
      ready: (page) => page.getByRole('region', { name: /Pending/ }),
    },
    {
      name: 'board-done',
      path: `${shop}/features/${cart}`,
      ready: (page) => page.getByRole('region', { name: /Done/ }),
    },
    { name: 'task', path: `${todo}/features/${adding}?task=${asked}`, ready: dialog },
    {
      name: 'feature-graph',
      path: `${shop}/features/${cart}/graph`,
      ready: (page) => page.getByText('Goods go into the cart').first(),
    },
    {
      name: 'spec',
      path: `${todo}/features/${keys}/spec`,
      ready: (page) => page.getByText('Not while typing.').first(),
    },
    {
      name: 'todo-phase',
      path: `${todo}/phases/${core}`,
      ready: (page) => page.getByText('Adding items').first(),
    },
    { name: 'agents', path: `${shop}/agents`, ready: (page) => page.getByText('coder-1').first() },
    { name: 'agent', path: `${shop}/agents/coder-1`, ready: (page) => page.getByRole('log') },
    { name: 'activity', path: `${shop}/activity`, ready: heading(/activity/i) },
    { name: 'settings', path: `${shop}/settings`, ready: heading(/settings/i) },
    { name: 'inbox', path: '/inbox', ready: heading(/inbox|needs you/i) },
    { name: 'usage', path: '/usage', ready: heading(/usage/i) },
    { name: 'usage-settings', path: '/usage/settings', ready: heading(/settings/i) },
    { name: 'empty-project', path: '/p/new-idea', ready: (page) => page.getByText(/no phases/i) },
    { name: 'missing', path: '/nope', ready: heading('Nothing here') },
  ]
}
