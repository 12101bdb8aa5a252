import type { Schemas } from '@/lib/api/client'

type Draft = Schemas['BatchTask']

const acceptance = /accept|criteria|done when|definition of done|must work|requirements?|to do|tasks/i
const heading = /^(#{1,6})\s+(.+?)\s*#*$/
const item = /^(\s*)(?:[-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.+)$/
const MAX_NAME = 120

/** Proposes a task for every open point of the spec's acceptance list; points below a point are its steps. */
export function tasksOfSpec(spec: string): Draft[] {
  const lines = withoutCode(spec)
  const sections = acceptanceSections(lines)
  return itemsOf(sections.length > 0 ? sections : lines)
}

function withoutCode(spec: string): string[] {
  let fenced = false
  return spec.split(/\r?\n/).filter((line) => {
    const fence = /^\s*(```|~~~)/.test(line)
    if (fence) fenced = !fenced
    return !fence && !fenced
  })
}

/** The lines below headings that speak of acceptance, down to the next heading of the same rank. */
function acceptanceSections(lines: string[]): string[] {
  let rank = 0
  return lines.filter((line) => {
    const [, marks, words] = heading.exec(line) ?? []
    if (marks && words && (rank === 0 || marks.length <= rank))
      rank = acceptance.test(words) ? marks.length : 0
    return rank > 0 && !marks
  })
}

function itemsOf(lines: string[]): Draft[] {
  const tasks: (Draft & { indent: number; done: boolean })[] = []
  for (const line of lines) {
    const [, space, box, words] = item.exec(line) ?? []
    const last = tasks.at(-1)
    if (words === undefined || space === undefined) {
      const more = plain(line)
      // A point may go on in the next line; an empty line ends it.
      if (last && more && /^\s/.test(line)) last.description = `${last.description}\n${more}`.trim()
      continue
    }
    const indent = space.replaceAll('\t', '    ').length
    if (last && indent > last.indent) last.steps = [...(last.steps ?? []), plain(words)]
    else tasks.push({ ...draft(plain(words)), indent, done: box?.toLowerCase() === 'x' })
  }
  return tasks.filter((t) => !t.done && t.name).map(({ indent: _, done: __, ...task }) => task)
}

function draft(text: string): Draft {
  const name = shortened(text)
  return {
    name,
    description: name === text ? '' : text,
    category: 'functional',
    estimated_complexity: 2,
    priority: 500,
    steps: [],
  }
}

function shortened(text: string): string {
  const bare = text.replace(/[.;,:]+$/, '')
  if (bare.length <= MAX_NAME) return bare
  const [sentence] = bare.split(/(?<=[^.]{12})[.:;] /)
  if (sentence && sentence.length <= MAX_NAME) return sentence
  return `${bare.slice(0, MAX_NAME - 1).replace(/\s+\S*$/, '')}…`
}

/** Words without emphasis and with the text of links; backticks stay, they mark code. */
const plain = (text: string) =>
  text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__)(.+?)\1/g, '$2')
    .trim()
