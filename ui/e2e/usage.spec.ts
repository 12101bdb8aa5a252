// The banner follows what is left, and the dashboard says what the API says.
import { expect, changing as test } from './fixtures'

interface Usage {
  used: number
  today_tokens: number
  total_tokens: number
}

interface Day {
  input_tokens: number
  output_tokens: number
}

for (const left of [19, 9, 4])
  test(`the banner shows at ${left} % left`, async ({ page, own }) => {
    const { used } = await own.api<Usage>('GET', '/usage')
    const settings = await own.api<Record<string, unknown>>('GET', '/usage/settings')
    const monthly_limit = Math.round(used / (1 - (left + 0.5) / 100))
    await own.api('PUT', '/usage/settings', { ...settings, monthly_limit, track_by: 'global' })
    await page.goto('/')
    const banner = page
      .getByRole('status')
      .filter({ hasText: new RegExp(`(${99 - left}|${100 - left})% used`) })
    await expect(banner).toBeVisible()
    await expect(banner.getByRole('button', { name: /put this warning away/i })).toHaveCount(left > 5 ? 1 : 0)
  })

test('a higher limit takes the banner away at once', async ({ page, own }) => {
  const { used } = await own.api<Usage>('GET', '/usage')
  const settings = await own.api<Record<string, unknown>>('GET', '/usage/settings')
  await own.api('PUT', '/usage/settings', {
    ...settings,
    monthly_limit: Math.round(used / 0.9),
    track_by: 'global',
  })
  await page.goto('/usage')
  const away = page.getByRole('button', { name: /put this warning away/i })
  await expect(away).toBeVisible()
  await own.api('PUT', '/usage/settings', { ...settings, monthly_limit: used * 10, track_by: 'global' })
  await expect(away).toHaveCount(0)
})

test('the table of the dashboard has the numbers of the API', async ({ page, own }) => {
  const path = '/usage/history?days=30&group_by=day'
  const { items } = await own.api<{ items: Day[] }>('GET', path)
  const busy = items.filter((item) => item.output_tokens > 0)
  expect(busy.length).toBeGreaterThan(3)
  await page.goto('/usage?days=30')
  await page.getByRole('region', { name: 'Tokens per day', exact: true }).getByText('Show as a table').click()
  const table = page.getByRole('region', { name: 'Tokens per day, as a table' })
  for (const { input_tokens, output_tokens } of busy)
    await expect(
      table
        .getByRole('row')
        .filter({ hasText: input_tokens.toLocaleString('en') })
        .getByRole('cell')
        .nth(1),
    ).toHaveText(output_tokens.toLocaleString('en'))
})
