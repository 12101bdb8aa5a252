import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '../client'
import { allPages, ifMatch } from './request'

export type Feature = Schemas['FeatureView']
export type Proposal = Schemas['ProposalView']
export type SpecMessage = Schemas['SpecMessageView']

export const featureKeys = {
  list: (project: string) => ['projects', project, 'features'] as const,
  one: (project: string, id: number) => ['projects', project, 'features', id] as const,
  messages: (project: string, id: number) => ['projects', project, 'features', id, 'messages'] as const,
  proposals: (project: string, id: number) => ['projects', project, 'features', id, 'proposals'] as const,
  runs: (project: string, id: number) => ['projects', project, 'features', id, 'runs'] as const,
  cost: (project: string) => ['projects', project, 'usage', 'feature'] as const,
}

export const features = (name: string) =>
  queryOptions({
    queryKey: featureKeys.list(name),
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(
          api.GET('/api/projects/{name}/features', {
            params: { path: { name }, query: { limit: 1000, cursor } },
            signal,
          }),
        ),
      ),
  })

export const feature = (name: string, id: number) =>
  queryOptions({
    queryKey: featureKeys.one(name, id),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/projects/{name}/features/{id}', { params: { path: { name, id } }, signal })),
  })

export const specMessages = (name: string, id: number) =>
  queryOptions({
    queryKey: featureKeys.messages(name, id),
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(
          api.GET('/api/projects/{name}/features/{id}/spec/messages', {
            params: { path: { name, id }, query: { limit: 1000, cursor } },
            signal,
          }),
        ),
      ),
  })

export const proposals = (name: string, id: number) =>
  queryOptions({
    queryKey: featureKeys.proposals(name, id),
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(
          api.GET('/api/projects/{name}/features/{id}/proposals', {
            params: { path: { name, id }, query: { status: 'open', limit: 1000, cursor } },
            signal,
          }),
        ),
      ),
  })

/** The newest runs of the project: one of kind `spec` without an end is writing. */
export const specRuns = (name: string, id: number) =>
  queryOptions({
    queryKey: featureKeys.runs(name, id),
    queryFn: async ({ signal }) => {
      const { items } = await unwrap(
        api.GET('/api/projects/{name}/runs', { params: { path: { name }, query: { limit: 100 } }, signal }),
      )
      return items.filter((run) => run.kind === 'spec' && run.feature_id === id)
    },
  })

/** Tokens by feature. */
export const featureUsage = (project: string) =>
  queryOptions({
    queryKey: featureKeys.cost(project),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/usage/history', {
          params: { query: { project, group_by: 'feature', days: 366 } },
          signal,
        }),
      ),
  })

/** Lower runs first; of equal ones the older. */
export const inOrder = (list: Feature[]) => [...list].sort((a, b) => a.priority - b.priority || a.id - b.id)

function useSettled(project: string) {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['projects', project] })
}

export function useCreateFeature(name: string) {
  const settled = useSettled(name)
  return useMutation({
    mutationFn: (body: Schemas['CreateFeature']) =>
      unwrap(api.POST('/api/projects/{name}/features', { params: { path: { name } }, body })),
    onSettled: settled,
  })
}

type FeatureEdit = { feature: Feature; body: Schemas['EditFeature'] }

/** Renames, reorders or rewrites at once; rolled back when the server refuses. */
export function useEditFeatures(name: string) {
  const queries = useQueryClient()
  const settled = useSettled(name)
  return useMutation({
    mutationFn: async (edits: FeatureEdit[]) => {
      const saved: Feature[] = []
      for (const { feature, body } of edits) {
        const answer = await unwrap(
          api.PATCH('/api/projects/{name}/features/{id}', {
            params: { path: { name, id: feature.id }, header: ifMatch(feature) },
            body,
          }),
        )
        queries.setQueryData(featureKeys.one(name, feature.id), answer)
        saved.push(answer)
      }
      return saved
    },
    onMutate: async (edits) => {
      await queries.cancelQueries({ queryKey: ['projects', name] })
      const changes = new Map(edits.map(({ feature, body }) => [feature.id, body]))
      const kept = queries.getQueriesData<Feature[] | Feature>({
        predicate: ({ queryKey }) => isFeatures(queryKey, name),
      })
      for (const [key, data] of kept) {
        const patch = (f: Feature) => ({ ...f, ...changes.get(f.id) })
        queries.setQueryData(key, Array.isArray(data) ? data.map(patch) : data && patch(data))
      }
      return { kept }
    },
    onError: (_error, _edits, before) => {
      for (const [key, data] of before?.kept ?? []) queries.setQueryData(key, data)
    },
    onSettled: settled,
  })
}

/** Keys that hold one feature or a list of them. */
const isFeatures = (key: readonly unknown[], project: string) =>
  key[0] === 'projects' &&
  key[1] === project &&
  ((key[2] === 'features' && key.length <= 4) || (key[2] === 'phases' && key[4] === 'features'))

/** Puts a feature at a place among those of its phase, by priorities that stay as they are where they can. */
export function movedFeature(list: Feature[], id: number, place: number): FeatureEdit[] {
  const one = list.find((f) => f.id === id)
  if (!one || !list[place] || list[place] === one) return []
  const next = list.filter((f) => f !== one)
  next.splice(place, 0, one)
  let last = Number.NEGATIVE_INFINITY
  return next.flatMap((feature, i) => {
    const priority = Math.max(list[i]?.priority ?? feature.priority, last + 1)
    last = priority
    return priority === feature.priority ? [] : [{ feature, body: { priority } }]
  })
}

export function useDeleteFeature(name: string) {
  const settled = useSettled(name)
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(api.DELETE('/api/projects/{name}/features/{id}', { params: { path: { name, id } } })),
    onSettled: settled,
  })
}

export function useAssignFeature(name: string) {
  const settled = useSettled(name)
  return useMutation({
    /** `null` gives it to everyone again; no agent at all makes a new one. */
    mutationFn: ({ id, agent_id }: { id: number; agent_id?: string | null }) =>
      unwrap(
        api.POST('/api/projects/{name}/features/{id}/assign', {
          params: { path: { name, id } },
          body: agent_id === undefined ? {} : { agent_id },
        }),
      ),
    onSettled: settled,
  })
}

/** The spec: ask for it, say something about it, stop, decide on what is proposed. */
export function useSpec(name: string, id: number) {
  const settled = useSettled(name)
  const params = { path: { name, id } }
  return {
    request: useMutation({
      mutationFn: () => unwrap(api.POST('/api/projects/{name}/features/{id}/spec', { params })),
      onSettled: settled,
    }),
    stop: useMutation({
      mutationFn: () => unwrap(api.POST('/api/projects/{name}/features/{id}/spec/stop', { params })),
      onSettled: settled,
    }),
    say: useMutation({
      mutationFn: (text: string) =>
        unwrap(api.POST('/api/projects/{name}/features/{id}/spec/messages', { params, body: { text } })),
      onSettled: settled,
    }),
    decide: useMutation({
      mutationFn: (body: Schemas['DecideProposals']) =>
        unwrap(api.POST('/api/projects/{name}/features/{id}/proposals', { params, body })),
      onSettled: settled,
    }),
    create: useMutation({
      mutationFn: (tasks: Schemas['BatchTask'][]) =>
        unwrap(
          api.POST('/api/projects/{name}/tasks/batch', {
            params: { path: { name } },
            body: { feature_id: id, tasks },
          }),
        ),
      onSettled: settled,
    }),
  }
}

/** The names a feature can be assigned to. */
export const agentNames = (name: string) =>
  queryOptions({
    queryKey: ['projects', name, 'agents', 'names'] as const,
    queryFn: async ({ signal }) => {
      const list = await allPages((cursor) =>
        unwrap(
          api.GET('/api/projects/{name}/agents', {
            params: { path: { name }, query: { limit: 1000, cursor } },
            signal,
          }),
        ),
      )
      return list.map((agent) => agent.id)
    },
  })

/** Starts a spec writer: the one that stands there, or a new one driven by `runner`. */
export function useStartWriter(name: string) {
  const settled = useSettled(name)
  return useMutation({
    mutationFn: async (runner: Schemas['RunnerKind']) => {
      const { items } = await unwrap(
        api.GET('/api/projects/{name}/agents', { params: { path: { name }, query: { limit: 1000 } } }),
      )
      const there = items.find((agent) => agent.role === 'spec_writer' && agent.runner === runner)
      const agent =
        there ??
        (await unwrap(
          api.POST('/api/projects/{name}/agents', {
            params: { path: { name } },
            body: { id: freeName(items.map((a) => a.id)), role: 'spec_writer', runner },
          }),
        ))
      return unwrap(
        api.POST('/api/projects/{name}/agents/{id}/start', { params: { path: { name, id: agent.id } } }),
      )
    },
    onSettled: settled,
  })
}

function freeName(taken: readonly string[]): string {
  let n = 1
  while (taken.includes(`spec_writer-${n}`)) n += 1
  return `spec_writer-${n}`
}
