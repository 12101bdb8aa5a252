/** What a line of a log is about: the agent speaks, uses a tool, counts, or something went wrong. */
export type Level = 'say' | 'tool' | 'count' | 'error'
export type Entry = { level: Level; text: string }

/** How much of a tool's output stands in the readable form; all of it stands in the raw one. */
const MOST = 1600

type Json = { [key: string]: Json | undefined } & { [Symbol.iterator]?: never }
const str = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const num = (value: unknown) => (typeof value === 'number' ? value : 0)
const list = (value: unknown): Json[] => (Array.isArray(value) ? value : [])
const short = (text: string) =>
  text.length > MOST ? `${text.slice(0, MOST)}\n… ${text.length - MOST} characters more in the raw log` : text

/** A line as a person reads it. Agents write JSON of several kinds; what is unknown stays as it is. */
export function entry(line: string): Entry {
  const json = parsed(line)
  return (json && known(json)) ?? { level: looksBad(line) ? 'error' : 'say', text: line }
}

export const levelOf = (line: string): Level => entry(line).level

function parsed(line: string): Json | undefined {
  if (line[0] !== '{') return undefined
  try {
    return JSON.parse(line) as Json
  } catch {
    return undefined
  }
}

const looksBad = (line: string) => /^(\[stderr\] )?\W*(error|fatal|panic|traceback)\b/i.test(line)

function known(j: Json): Entry | undefined {
  switch (str(j.type)) {
    case 'text':
      return said(str(j.text))
    case 'usage':
      return {
        level: 'count',
        text: tokens(j.input_tokens, j.output_tokens, num(j.cache_read_tokens), j.model),
      }
    case 'assistant':
    case 'user':
      return parts(list(j.message?.content), str(j.message?.content as unknown))
    case 'system':
      return { level: 'count', text: ['Session', str(j.subtype), str(j.model)].filter(Boolean).join(' · ') }
    case 'result':
      return result(j)
    case 'item.completed':
      return j.item && item(j.item)
    case 'turn.completed':
      return {
        level: 'count',
        text: tokens(j.usage?.input_tokens, j.usage?.output_tokens, num(j.usage?.cached_input_tokens)),
      }
    case 'message':
      return said(str(j.content))
    case 'tool_use':
      return { level: 'tool', text: call(str(j.tool_name) ?? str(j.name), j.parameters ?? j.input) }
    case 'tool_result':
      return { level: str(j.status) === 'error' ? 'error' : 'tool', text: `→ ${short(str(j.output) ?? '')}` }
    case 'error':
      return { level: 'error', text: str(j.message) ?? str(j.error) ?? JSON.stringify(j) }
    default:
      return undefined
  }
}

const said = (text: string | undefined): Entry | undefined =>
  text === undefined ? undefined : { level: 'say', text }

/** The blocks of one message; the loudest names the line. */
function parts(blocks: Json[], plain: string | undefined): Entry | undefined {
  if (blocks.length === 0) return said(plain)
  const entries = blocks.flatMap((b): Entry[] => {
    switch (str(b.type)) {
      case 'text':
        return [{ level: 'say', text: str(b.text) ?? '' }]
      case 'thinking':
        return [{ level: 'say', text: str(b.thinking) ?? '' }]
      case 'tool_use':
        return [{ level: 'tool', text: call(str(b.name), b.input) }]
      case 'tool_result':
        return [
          {
            level: (b.is_error as unknown) === true ? 'error' : 'tool',
            text: `→ ${short(output(b.content))}`,
          },
        ]
      default:
        return []
    }
  })
  const loudest = (['error', 'say', 'tool'] as const).find((level) => entries.some((e) => e.level === level))
  return loudest && { level: loudest, text: entries.map((e) => e.text).join('\n') }
}

const output = (content: unknown): string =>
  str(content) ??
  list(content)
    .map((part) => str(part.text) ?? `[${str(part.type) ?? 'part'}]`)
    .join('\n')

/** A tool with the one argument that says most. */
function call(name = 'tool', input: unknown): string {
  const args = (typeof input === 'object' && input ? input : {}) as Record<string, unknown>
  const main = ['command', 'file_path', 'path', 'pattern', 'query', 'url']
    .map((key) => str(args[key]))
    .find(Boolean)
  const rest = Object.keys(args).length === 0 ? '' : JSON.stringify(args)
  return `${name.replace(/^mcp__/, '')}${main || rest ? ` ${short(main ?? rest)}` : ''}`
}

function item(i: Json): Entry | undefined {
  switch (str(i.type)) {
    case 'agent_message':
    case 'reasoning':
      return said(str(i.text))
    case 'command_execution': {
      const bad = num(i.exit_code) !== 0
      return {
        level: bad ? 'error' : 'tool',
        text: `$ ${str(i.command) ?? ''}\n${short(str(i.aggregated_output) ?? '')}`,
      }
    }
    case 'mcp_tool_call':
      return { level: 'tool', text: call(`${str(i.server) ?? ''}.${str(i.tool) ?? ''}`, i.arguments) }
    case 'error':
      return { level: 'error', text: str(i.message) ?? '' }
    default:
      return undefined
  }
}

function result(j: Json): Entry {
  const bad =
    (j.is_error as unknown) === true || ['failed', 'error'].includes(str(j.outcome) ?? str(j.status) ?? '')
  const how = str(j.outcome) ?? str(j.subtype) ?? str(j.status) ?? ''
  const why = str(j.detail) ?? str(j.result)
  return { level: bad ? 'error' : 'say', text: `Ended: ${how}${why ? `. ${why}` : ''}` }
}

function tokens(input: unknown, output: unknown, cached: number, model?: unknown): string {
  const n = (value: unknown) => num(value).toLocaleString('en')
  return `${n(input)} in, ${n(output)} out, ${n(cached)} from cache${str(model) ? ` · ${str(model)}` : ''}`
}
