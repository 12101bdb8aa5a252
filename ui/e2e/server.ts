// The real binary: data made up once by `autocoder seed`, a copy for each server, and a login.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)

const profiles = ['e2e', 'strange', 'big'] as const
export type Profile = (typeof profiles)[number]
export const TOKEN_KEY = 'autocoder-token'
const binary = process.env.AUTOCODER_BIN ?? new URL('../../target/debug/autocoder', import.meta.url).pathname
const environment = { HOME: tmpdir(), PATH: process.env.PATH ?? '', USER: 'tester' }

/** Where the seeded data lie; made by the global setup. */
const seeded = (profile: Profile) => join(process.env.AUTOCODER_SEEDS ?? '', profile)

export async function seed(folder: string) {
  const of = (profile: Profile) =>
    run(binary, ['--data-dir', join(folder, profile), 'seed', '--profile', profile], { env: environment })
  await Promise.all(profiles.map(of))
}

export class Server {
  url = ''
  token = ''
  private child: ChildProcess | undefined
  private readonly dataDir: string

  private constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  static async start(profile: Profile) {
    const dataDir = await mkdtemp(join(tmpdir(), 'autocoder-e2e-'))
    await cp(seeded(profile), dataDir, { recursive: true })
    const server = new Server(dataDir)
    await server.serve('0')
    server.token = await server.logIn()
    return server
  }

  /** The address with a code, as `autocoder open` gives it. */
  async loginUrl() {
    const { url } = JSON.parse(await this.autocoder('open', '--print')) as { url: string }
    return url
  }

  async autocoder(...args: string[]) {
    const { stdout } = await run(binary, ['--data-dir', this.dataDir, '--json', ...args], {
      env: environment,
    })
    return stdout
  }

  /** What another client asks. */
  async api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text ? JSON.parse(text) : {}) as T
  }

  /** Ends it without a word, as a crash would. */
  async kill() {
    const child = this.child
    this.child = undefined
    if (!child || child.exitCode !== null) return
    const gone = new Promise((done) => child.once('exit', done))
    child.kill('SIGKILL')
    await gone
  }

  /** Starts it again on the same port. */
  restart() {
    return this.serve(new URL(this.url).port)
  }

  async end() {
    await this.kill()
    await rm(this.dataDir, { recursive: true, force: true })
  }

  private async serve(port: string) {
    const args = ['--data-dir', this.dataDir, '--json', 'serve', '--port', port, '--rate-limit', '0']
    const child = spawn(binary, args, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] })
    this.child = child
    let printed = ''
    this.url = await new Promise<string>((done, fail) => {
      child.once('error', fail)
      child.once('exit', (code) => fail(new Error(`the server ended with ${code}: ${printed}`)))
      createInterface({ input: child.stdout }).on('line', (line) => {
        printed += line
        const url = /"url":\s*"([^"]+)"/.exec(printed)?.[1]
        if (url) done(url)
      })
    })
  }

  private async logIn() {
    const code = new URL(await this.loginUrl()).hash.replace('#code=', '')
    const response = await fetch(`${this.url}/api/auth/exchange`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    })
    const { token } = (await response.json()) as { token: string }
    return token
  }
}
