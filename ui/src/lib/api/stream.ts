import type { Connection } from './connection'
import { session } from './session'
import { reader } from './sse'
import type { Event } from './stale'

/** What the tab that holds the stream tells the others. */
export type Told = { type: 'event'; event: Event } | { type: 'resync' } | { type: 'state'; state: Connection }

/** The server pings every 15 s; two missed ones mean that nobody is there. */
const SILENCE_MS = 35_000
const RETRY_MS = 2_000

/**
 * Follows the feed until `signal` ends it. Comes back with the last id it saw, so that no event is missed or doubled;
 * a stream that ends is taken up again at once, and only when that fails the server counts as away.
 */
export async function follow(url: string, tell: (told: Told) => void, signal: AbortSignal, last = '') {
  while (!signal.aborted) {
    const silence = new AbortController()
    let wasOpen = false
    let timer = setTimeout(() => silence.abort(), SILENCE_MS)
    try {
      const response = await open(url, last, AbortSignal.any([signal, silence.signal]))
      wasOpen = true
      // What happened between the page's first reading and the first stream is read again.
      if (!last) tell({ type: 'resync' })
      tell({ type: 'state', state: 'live' })
      const messages = reader(({ event, data }) =>
        tell(event === 'resync' ? { type: 'resync' } : { type: 'event', event: JSON.parse(data) as Event }),
      )
      for await (const text of parts(response)) {
        messages.push(text)
        last = messages.lastId() || last
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(), SILENCE_MS)
      }
    } catch {
      // Told below: the stream ended, for whatever reason.
    }
    clearTimeout(timer)
    if (signal.aborted || wasOpen) continue
    tell({ type: 'state', state: 'offline' })
    await pause(RETRY_MS, signal)
  }
}

async function open(url: string, last: string, signal: AbortSignal) {
  const token = session.token()
  const response = await fetch(url, {
    headers: {
      Accept: 'text/event-stream',
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(last && { 'Last-Event-ID': last }),
    },
    signal,
  })
  if (response.status === 401) session.end()
  if (!response.ok || !response.body) throw new Error(`the stream answers ${response.status}`)
  return response.body
}

async function* parts(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const text = body.pipeThrough(new TextDecoderStream()).getReader()
  for (let part = await text.read(); !part.done; part = await text.read()) yield part.value
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((done) => {
    const stop = () => {
      clearTimeout(timer)
      done()
    }
    const timer = setTimeout(stop, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
