import { api } from '../api/client'
import { type Message, reader } from '../api/sse'
import { LogBook, linesOf, PAGE } from './book'
import { entry } from './entry'

const PART = 1_048_576
/** More hits than anybody steps through. */
export const MOST_HITS = 5000

export type LogState = 'loading' | 'following' | 'ended' | 'lost' | 'gone'

/** Reads a run's log, follows it while it is open, and reads again what was let go. */
export class LogSource {
  book = new LogBook()
  state: LogState = 'loading'
  version = 0
  private readonly stop = new AbortController()
  private readonly watchers = new Set<() => void>()
  private readonly asked = new Map<number, Promise<void>>()

  readonly run: number
  private readonly ended: boolean

  constructor(run: number, ended: boolean) {
    this.run = run
    this.ended = ended
  }

  readonly subscribe = (watcher: () => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }
  readonly snapshot = () => this.version

  private tell(state = this.state) {
    this.state = state
    this.version++
    for (const watcher of this.watchers) watcher()
  }

  get closed() {
    return this.stop.signal.aborted
  }
  close() {
    this.stop.abort()
  }

  async open() {
    let tries = 0
    while (!this.stop.signal.aborted) {
      try {
        await this.readOn()
        if (this.ended || (await this.follow())) {
          this.book.finish()
          return this.tell('ended')
        }
        tries = 0
      } catch (error) {
        if (this.stop.signal.aborted) return
        if (error instanceof Gone) return this.tell('gone')
      }
      this.tell('lost')
      await new Promise((go) => setTimeout(go, Math.min(500 * 2 ** tries++, 10_000)))
    }
  }

  /** All that stands in the log now. */
  private async readOn() {
    for (;;) {
      const { bytes, total } = await this.bytes(this.book.end, PART)
      // It was rotated: the numbers begin anew.
      if (total < this.book.end) this.book = new LogBook()
      else this.book.append(bytes)
      this.tell()
      if (this.book.end >= total) return
    }
  }

  private async bytes(offset: number, limit: number) {
    const { data, response } = await api.GET('/api/runs/{id}/log', {
      params: { path: { id: this.run }, query: { offset, limit } },
      parseAs: 'arrayBuffer',
      signal: this.stop.signal,
    })
    if (response.status === 404) throw new Gone()
    if (!response.ok || !data) throw new Error(`status ${response.status}`)
    return { bytes: new Uint8Array(data), total: Number(response.headers.get('x-total-bytes') ?? 0) }
  }

  /** True when the run has ended, false when the connection has. */
  private async follow(): Promise<boolean> {
    const { data } = await api.GET('/api/runs/{id}/log', {
      params: { path: { id: this.run }, query: { offset: this.book.end } },
      headers: { Accept: 'text/event-stream' },
      parseAs: 'stream',
      signal: this.stop.signal,
    })
    if (!data) return false
    this.tell('following')
    const messages: Message[] = []
    const parts = reader((message) => messages.push(message))
    const from = data.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await from.read()
      if (done) return false
      parts.push(value)
      for (const { event, id, data: text } of messages.splice(0)) {
        if (event === 'end') return true
        if (event === 'log') await this.added(text, Number(id))
      }
    }
  }

  private async added(text: string, end: number) {
    const bytes = new TextEncoder().encode(`${text}\n`)
    // Lines that lost something on the way (a carriage return, broken UTF-8) and a rotated log are read by range.
    if (this.book.end + bytes.length === end) this.book.append(bytes)
    else await this.readOn()
    this.tell()
  }

  /** Has the lines of a part in memory soon. */
  ensure(first: number, last: number) {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++)
      if (page < this.book.pageCount && !this.book.has(page)) void this.again(page)
  }

  private again(page: number): Promise<void> {
    const going = this.asked.get(page)
    if (going) return going
    const { book } = this
    const [from, to] = book.range(page)
    const reading = this.range(from, to)
      .then((bytes) => book.put(page, bytes))
      .then(() => this.tell())
      .catch(() => {})
      .finally(() => this.asked.delete(page))
    this.asked.set(page, reading)
    return reading
  }

  private async range(from: number, to: number): Promise<Uint8Array> {
    const all = new Uint8Array(to - from)
    for (let at = from; at < to; ) {
      const { bytes } = await this.bytes(at, Math.min(PART, to - at))
      if (bytes.length === 0) throw new Gone()
      all.set(bytes, at - from)
      at += bytes.length
    }
    return all
  }

  /** The lines that hold a text, however long ago; pages that were let go pass through without being kept. */
  async find(text: string, raw: boolean, signal: AbortSignal): Promise<number[]> {
    const { book } = this
    const wanted = text.toLowerCase()
    const hits: number[] = []
    for (let page = 0; page < book.pageCount && hits.length < MOST_HITS; ) {
      const behind = book.has(page) ? page + 1 : book.awayUntil(page, PART)
      const lines = book.page(page) ?? (await this.away(book, page, behind))
      if (signal.aborted) return []
      for (const [i, line] of lines.entries())
        if ((raw ? line : entry(line).text).toLowerCase().includes(wanted)) hits.push(page * PAGE + i)
      page = behind
    }
    return hits.slice(0, MOST_HITS)
  }

  private async away(book: LogBook, first: number, behind: number): Promise<string[]> {
    const bytes = await this.range(book.range(first)[0], book.range(behind - 1)[1])
    return linesOf(new TextDecoder().decode(bytes))
  }

  /** The whole log, as it is. */
  async all(): Promise<Blob> {
    const parts: BlobPart[] = []
    for (let at = 0, total = 1; at < total; ) {
      const part = await this.bytes(at, PART)
      if (part.bytes.length === 0) break
      parts.push(part.bytes)
      at += part.bytes.length
      total = part.total
    }
    return new Blob(parts, { type: 'text/plain' })
  }
}

class Gone extends Error {}
