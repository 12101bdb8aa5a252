import { expect, test } from 'vitest'
import { type Message, reader } from './sse'

const read = (parts: string[]) => {
  const messages: Message[] = []
  const stream = reader((message) => messages.push(message))
  for (const part of parts) stream.push(part)
  return { messages, lastId: stream.lastId() }
}

const feed =
  ': connected\nid: 7\n\nid: 8\nevent: task.passed\ndata: {"id":8}\n\n: ping\nid: 9\n\nid: 12\r\ndata: a\r\ndata: b\r\n\r\nevent: resync\ndata:12\n\n'
const expected = {
  messages: [
    { id: '8', event: 'task.passed', data: '{"id":8}' },
    { id: '12', event: '', data: 'a\nb' },
    { id: '12', event: 'resync', data: '12' },
  ],
  lastId: '12',
}

test('a stream is cut into its messages', () => {
  expect(read([feed])).toEqual(expected)
})

test('where the parts are cut makes no difference', () => {
  for (let size = 1; size < feed.length; size++) {
    const parts = feed.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
    expect(read(parts)).toEqual(expected)
  }
})

test('a ping moves the id on without a message', () => {
  expect(read([': ping\nid: 41\n\n'])).toEqual({ messages: [], lastId: '41' })
})

test('half a message is not told', () => {
  expect(read(['id: 3\nevent: task.passed\ndata: {}']).messages).toEqual([])
})
