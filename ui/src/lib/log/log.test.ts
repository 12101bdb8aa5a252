import { describe, expect, test } from 'vitest'
import { LogBook, PAGE } from './book'
import { entry } from './entry'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('a book', () => {
  test('numbers whole lines, wherever the parts are cut', () => {
    const text = 'one\ntwö\n\nfour 🙂\nfive'
    const all = bytes(text)
    for (const size of [1, 2, 3, 7, 100]) {
      const book = new LogBook()
      for (let at = 0; at < all.length; at += size) book.append(all.slice(at, at + size))
      expect(book.count).toBe(4)
      book.finish()
      expect([0, 1, 2, 3, 4].map((i) => book.line(i))).toEqual(['one', 'twö', '', 'four 🙂', 'five'])
      expect(book.end).toBe(all.length)
    }
  })

  test('keeps 50,000 lines, and takes back what it let go', () => {
    const book = new LogBook()
    const lines = Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`)
    for (let i = 0; i < lines.length; i += 3000) book.append(bytes(lines.slice(i, i + 3000).join('')))
    expect(book.count).toBe(100_000)
    expect(book.inMemory()).toBeLessThanOrEqual(50_000)
    expect(book.line(99_999)).toBe('line 99999')
    expect(book.line(40_000)).toBeUndefined()
    expect(book.awayUntil(0, 1_000_000)).toBeGreaterThan(50)
    expect(book.awayUntil(99, 1_000_000)).toBe(100)
    const [from, to] = book.range(40_000 / PAGE)
    const whole = bytes(lines.join(''))
    book.put(40_000 / PAGE, whole.slice(from, to))
    expect([book.line(40_000), book.line(40_499)]).toEqual(['line 40000', 'line 40499'])
    expect(book.inMemory()).toBeLessThanOrEqual(50_000)
  })
})

test.each([
  ['{"type":"text","text":"Working on task 11"}', 'say', 'Working on task 11'],
  [
    '{"type":"usage","input_tokens":34,"output_tokens":1170,"cache_read_tokens":5,"model":"m"}',
    'count',
    '34 in, 1,170 out, 5 from cache · m',
  ],
  ['{"type":"result","outcome":"failed","detail":"no tests"}', 'error', 'Ended: failed. no tests'],
  [
    '{"type":"assistant","message":{"content":[{"type":"tool_use","name":"Bash","input":{"command":"npm test"}}]}}',
    'tool',
    'Bash npm test',
  ],
  [
    '{"type":"user","message":{"content":[{"type":"tool_result","is_error":true,"content":"boom"}]}}',
    'error',
    '→ boom',
  ],
  ['{"type":"item.completed","item":{"type":"agent_message","text":"done"}}', 'say', 'done'],
  ['{"type":"new kind"}', 'say', '{"type":"new kind"}'],
  ['{"type":', 'say', '{"type":'],
  ['[stderr] Error: no such file', 'error', '[stderr] Error: no such file'],
  ['\u001b[32mok\u001b[0m', 'say', '\u001b[32mok\u001b[0m'],
])('%s', (line, level, text) => expect(entry(line)).toEqual({ level, text }))
