// Seeds the data once; each server works on a copy.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seed } from './server'

export default async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'autocoder-seeds-'))
  process.env.AUTOCODER_SEEDS = folder
  await seed(folder)
  return () => rm(folder, { recursive: true, force: true })
}
