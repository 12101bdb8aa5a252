// The banner follows what is left, and the dashboard says what the API says.
import { expect, changing as test } from './fixtures'

interface Usage {
  used: number
  today_tokens: number
  total_tokens: number
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

test('the dashboard shows the numbers of the API', async ({ page, own }) => {
  const { items } = await own.api<{ items: { name: string; tokens: number }[] }>(
    'GET',
    '/usage/history?days=30&group_by=project',
  )
  await page.goto('/usage?days=30&by=project')
  await page.getByText('Show as a table').first().click()
  for (const { name, tokens } of items)
    await expect(
      page
        .getByRole('row')
        .filter({ hasText: name })
        .filter({ hasText: tokens.toLocaleString('en') })
        .first(),
    ).toBeVisible()
})
