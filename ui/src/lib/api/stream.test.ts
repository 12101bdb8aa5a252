import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { follow, type Told } from './stream'

type Answer = { status?: number; parts?: string[]; hangs?: boolean }

/** A server that gives each request the next of these answers, and then none. */
function server(...answers: Answer[]) {
  const asked: (string | null)[] = []
  vi.stubGlobal('fetch', async (_: string, { headers, signal }: RequestInit) => {
    asked.push(new Headers(headers).get('Last-Event-ID'))
    const answer = answers.shift()
    if (!answer) throw new TypeError('refused')
    const body = new ReadableStream({
      start(stream) {
        for (const part of answer.parts ?? []) stream.enqueue(new TextEncoder().encode(part))
        if (!answer.hangs) stream.close()
        signal?.addEventListener('abort', () => stream.error(new Error('aborted')))
      },
    })
    return new Response(body, { status: answer.status ?? 200 })
  })
  return asked
}

const told: string[] = []
const note = (one: Told) =>
  told.push(one.type === 'event' ? `${one.event.id}` : one.type === 'state' ? one.state : one.type)
const message = (id: number) => `id: ${id}\nevent: task.passed\ndata: {"id":${id}}\n\n`
const stop = () => {
  const abort = new AbortController()
  return { signal: abort.signal, now: () => abort.abort() }
}

beforeEach(() => {
  told.length = 0
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a broken stream goes on behind the last event, and nothing is told twice', async () => {
  const asked = server({ parts: [message(1), message(2)] }, { parts: [message(3)], hangs: true })
  const end = stop()
  const done = follow('/api/events', note, end.signal)
  await vi.advanceTimersByTimeAsync(100)
  end.now()
  await done
  expect(asked).toEqual([null, '2'])
  expect(told).toEqual(['resync', 'live', '1', '2', 'live', '3'])
})

test('a server that is away is told once it does not answer, and asked again', async () => {
  const asked = server({ status: 503 }, {}, { parts: [': ping\nid: 9\n\n'], hangs: true })
  const end = stop()
  const done = follow('/api/events', note, end.signal, '5')
  await vi.advanceTimersByTimeAsync(100)
  expect(told).toEqual(['offline'])
  await vi.advanceTimersByTimeAsync(2_000)
  end.now()
  await done
  expect(asked).toEqual(['5', '5', '5'])
  expect(told).toEqual(['offline', 'live', 'live'])
})

test('a stream without a sign of life is given up', async () => {
  const asked = server({ parts: [message(4)], hangs: true })
  const end = stop()
  const done = follow('/api/events', note, end.signal)
  await vi.advanceTimersByTimeAsync(36_000)
  expect(told).toEqual(['resync', 'live', '4', 'offline'])
  end.now()
  await done
  expect(asked).toEqual([null, '4'])
})

test('when too much was missed everything is read again', async () => {
  server({ parts: ['id: 90\nevent: resync\ndata: 90\n\n'], hangs: true })
  const end = stop()
  const done = follow('/api/events', note, end.signal, '1')
  await vi.advanceTimersByTimeAsync(100)
  end.now()
  await done
  expect(told).toEqual(['live', 'resync'])
})
