// Approving can bring the agents' work into the person's own branch; when it cannot, the gate stays and says why.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, changing as test } from './fixtures'

test.use({ tolerated: /409/ })

test('a merge that cannot be done is explained, and done once its reason is gone', async ({ page, own }) => {
  test.setTimeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'autocoder-repo-'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
  const write = (text: string) => writeFileSync(join(folder, 'page.txt'), text)
  git('init', '--quiet', '--initial-branch=main')
  write('one\n')
  git('add', '.')
  git('commit', '--quiet', '--message', 'Start')
  git('switch', '--quiet', '--create', 'autocoder/main')
  write('two\n')
  git('commit', '--quiet', '--all', '--message', 'Work')
  git('switch', '--quiet', 'main')

  await own.api('POST', '/projects', { name: 'merging', path: folder })
  const at = '/projects/merging'
  const phase = await own.api<{ id: number }>('POST', `${at}/phases`, { name: 'One' })
  const feature = await own.api<{ id: number }>('POST', `${at}/features`, { name: 'Page', spec: 'A page.' })
  await own.api('POST', `${at}/tasks`, { feature_id: feature.id, name: 'Write it' })
  const writer = { id: 'coder', role: 'coder', runner: 'rehearsal', options: { speed: 1_000 } }
  await own.api('POST', `${at}/agents`, writer)
  await own.api('POST', `${at}/agents/coder/start`)
  const status = async () => (await own.api<{ status: string }>('GET', `${at}/phases/${phase.id}`)).status
  await expect.poll(status, { timeout: 30_000 }).toBe('awaiting_approval')

  write('mine\n')
  await page.goto(`/p/merging/phases/${phase.id}/review`)
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: 'On approval, merge into main' }).check()
  await dialog.getByRole('button', { name: 'Approve phase' }).click()
  await expect(dialog.getByRole('alert')).toContainText('page.txt')
  expect(await status()).toBe('awaiting_approval')

  git('checkout', '--quiet', 'page.txt')
  await dialog.getByRole('button', { name: 'Approve phase' }).click()
  await expect(dialog).toHaveCount(0)
  expect(await status()).toBe('completed')
  expect(git('show', 'main:page.txt')).toBe('two\n')
  rmSync(folder, { recursive: true, force: true })
})
