import type { Schemas } from '@/lib/api/client'

type Batch = Schemas['BatchTask']
export type Fields = {
  name: string
  description: string
  category: string
  estimated_complexity: number
  steps: string[]
}
/** A task that does not exist yet: proposed by an agent (`proposal`) or found in the spec. */
export type Draft = Fields & {
  key: string
  proposal?: number
  priority: number
  depends_on: Schemas['ProposedDependency'][]
}

export const ofProposal = ({ id, task: t }: Schemas['ProposalView']): Draft => ({
  key: `p${id}`,
  proposal: id,
  name: t.name,
  description: t.description,
  category: t.category,
  estimated_complexity: t.estimated_complexity,
  steps: t.steps,
  priority: t.priority,
  depends_on: t.depends_on,
})

/** What the spec's acceptance list gives, without what exists already or is proposed already. */
export function ofSpec(tasks: readonly Batch[], names: Iterable<string>): Draft[] {
  const known = new Set([...names].map((name) => name.trim().toLowerCase()))
  return tasks.flatMap((t) => {
    const name = t.name.trim().toLowerCase()
    if (known.has(name)) return []
    known.add(name)
    return [
      {
        key: `s${name}`,
        name: t.name,
        description: t.description ?? '',
        category: t.category ?? 'functional',
        estimated_complexity: t.estimated_complexity,
        steps: t.steps ?? [],
        priority: t.priority,
        depends_on: [],
      },
    ]
  })
}

/** One request that makes all of them: a proposal they wait for is named by its place, when it is made too. */
export function batchOf(drafts: readonly Draft[]): Batch[] {
  const places = new Map(
    drafts.flatMap((d, i) => (d.proposal === undefined ? [] : [[d.proposal, i] as const])),
  )
  return drafts.map(({ key: _, proposal: __, depends_on, ...fields }) => ({
    ...fields,
    name: fields.name.trim(),
    steps: fields.steps.flatMap((step) => step.trim() || []),
    depends_on: depends_on.flatMap((d) => ('task' in d ? d.task : (places.get(d.proposal) ?? []))),
  }))
}
