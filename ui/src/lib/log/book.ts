import { type Level, levelOf } from './entry'

/** Lines of one page: what is read again as a whole when it was let go. */
export const PAGE = 500
/** 50,000 lines stay in memory, and never more than these bytes. */
const KEPT_PAGES = 100
const KEPT_BYTES = 48 * 1024 * 1024

type Page = { lines: string[]; bytes: number }

/**
 * A log as numbered lines, of which only a part is in memory. It is read from its beginning, so that every line has
 * its number; where each page begins is kept, so that a page that was let go can be read again.
 */
export class LogBook {
  /** Where each page begins, in bytes. */
  private starts: number[] = [0]
  /** Pages in memory, the least recently used first. */
  private pages = new Map<number, Page>()
  private levels: Level[] = []
  private rest = new Uint8Array()
  private bytes = 0
  private readonly decoder = new TextDecoder()
  /** Up to here the log was read. */
  end = 0

  get count() {
    return this.levels.length
  }
  get lineEnd() {
    return this.end - this.rest.length
  }
  level(line: number): Level | undefined {
    return this.levels[line]
  }
  inMemory() {
    return [...this.pages.values()].reduce((n, page) => n + page.lines.length, 0)
  }

  /** Adds what stands behind `end`. */
  append(bytes: Uint8Array) {
    const all = new Uint8Array(this.rest.length + bytes.length)
    all.set(this.rest)
    all.set(bytes, this.rest.length)
    let from = 0
    for (let at = all.indexOf(10); at >= 0; at = all.indexOf(10, from)) {
      this.add(this.decoder.decode(all.subarray(from, at)), at + 1 - from)
      from = at + 1
    }
    this.rest = all.slice(from)
    this.end += bytes.length
  }

  /** The run has ended: what has no line feed is a line too. */
  finish() {
    if (this.rest.length === 0) return
    const { length } = this.rest
    this.add(this.decoder.decode(this.rest), length)
    this.rest = new Uint8Array()
  }

  private add(line: string, length: number) {
    const at = Math.floor(this.levels.length / PAGE)
    const page = this.pages.get(at) ?? { lines: [], bytes: 0 }
    page.lines.push(line.endsWith('\r') ? line.slice(0, -1) : line)
    page.bytes += length
    this.bytes += length
    this.levels.push(levelOf(line))
    this.keep(at, page)
    this.starts[at + 1] = (this.starts[at + 1] ?? this.starts[at] ?? 0) + length
  }

  private keep(at: number, page: Page) {
    this.pages.delete(at)
    this.pages.set(at, page)
    for (const [oldest, { bytes }] of this.pages) {
      if (this.pages.size <= KEPT_PAGES && this.bytes <= KEPT_BYTES) break
      // The page that is being written stays: its lines would be lost between reading and writing.
      if (oldest === at || oldest === this.lastPage) continue
      this.pages.delete(oldest)
      this.bytes -= bytes
    }
  }
  private get lastPage() {
    return Math.floor(Math.max(0, this.levels.length - 1) / PAGE)
  }

  line(at: number): string | undefined {
    return this.pages.get(Math.floor(at / PAGE))?.lines[at % PAGE]
  }
  has(page: number) {
    return this.pages.has(page)
  }
  /** The lines of a page in memory. */
  page(page: number): string[] | undefined {
    return this.pages.get(page)?.lines
  }
  get pageCount() {
    return Math.ceil(this.count / PAGE)
  }
  /** Behind the pages from this one on that are not in memory and are at most so many bytes together. */
  awayUntil(first: number, most: number): number {
    let behind = first + 1
    while (
      behind < this.pageCount &&
      !this.has(behind) &&
      this.range(behind)[1] - this.range(first)[0] <= most
    )
      behind++
    return behind
  }
  /** The bytes of a page: first, and behind the last. */
  range(page: number): [number, number] {
    return [this.starts[page] ?? 0, this.starts[page + 1] ?? this.lineEnd]
  }
  /** Takes a page back that was read again. */
  put(at: number, bytes: Uint8Array) {
    if (this.pages.has(at)) return
    this.bytes += bytes.length
    this.keep(at, { lines: linesOf(this.decoder.decode(bytes)), bytes: bytes.length })
  }
}

/** The lines of a text of whole lines. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  if (lines.at(-1) === '') lines.pop()
  return lines
}
