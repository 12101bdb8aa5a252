import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '../client'
import { allPages, ifMatch } from './request'

export type Phase = Schemas['PhaseView']
export type Feature = Schemas['FeatureView']

export const phaseKeys = {
  list: (project: string) => ['projects', project, 'phases'] as const,
  one: (project: string, id: number) => ['projects', project, 'phases', id] as const,
  review: (project: string, id: number) => ['projects', project, 'phases', id, 'review'] as const,
  features: (project: string, id: number) => ['projects', project, 'phases', id, 'features'] as const,
  cost: (project: string) => ['projects', project, 'usage', 'phase'] as const,
}

export const phases = (name: string) =>
  queryOptions({
    queryKey: phaseKeys.list(name),
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(
          api.GET('/api/projects/{name}/phases', {
            params: { path: { name }, query: { limit: 1000, cursor } },
            signal,
          }),
        ),
      ),
  })

export const phase = (name: string, id: number) =>
  queryOptions({
    queryKey: phaseKeys.one(name, id),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/projects/{name}/phases/{id}', { params: { path: { name, id } }, signal })),
  })

export const phaseFeatures = (name: string, phase_id: number) =>
  queryOptions({
    queryKey: phaseKeys.features(name, phase_id),
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(
          api.GET('/api/projects/{name}/phases/{phase_id}/features', {
            params: { path: { name, phase_id }, query: { limit: 1000, cursor } },
            signal,
          }),
        ),
      ),
  })

export const review = (name: string, id: number) =>
  queryOptions({
    queryKey: phaseKeys.review(name, id),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/projects/{name}/phases/{id}/review', { params: { path: { name, id } }, signal })),
    staleTime: 0,
  })

/** What each phase has cost in tokens so far. */
export const phaseUsage = (project: string) =>
  queryOptions({
    queryKey: phaseKeys.cost(project),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/usage/history', {
          params: { query: { project, group_by: 'phase', days: 366 } },
          signal,
        }),
      ),
  })

/** Everything of the project that a phase's change can show in. */
function useSettled(project: string) {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['projects', project] })
}

export function useCreatePhase(name: string) {
  const settled = useSettled(name)
  return useMutation({
    mutationFn: (body: Schemas['CreatePhase']) =>
      unwrap(api.POST('/api/projects/{name}/phases', { params: { path: { name } }, body })),
    onSettled: settled,
  })
}

type PhaseEdit = { phase: Phase; body: Schemas['EditPhase'] }

/** Renames or reorders at once, one or several phases; rolled back when the server refuses. */
export function useEditPhases(name: string) {
  const queries = useQueryClient()
  const settled = useSettled(name)
  const key = phaseKeys.list(name)
  return useMutation({
    mutationFn: async (edits: PhaseEdit[]) => {
      for (const { phase, body } of edits)
        await unwrap(
          api.PATCH('/api/projects/{name}/phases/{id}', {
            params: { path: { name, id: phase.id }, header: ifMatch(phase) },
            body,
          }),
        )
      return queries.fetchQuery({ ...phases(name), staleTime: 0 })
    },
    onMutate: async (edits) => {
      await queries.cancelQueries({ queryKey: key, exact: true })
      const before = queries.getQueryData<Phase[]>(key)
      queries.setQueryData<Phase[]>(key, (list) => list && edited(list, edits))
      return { before }
    },
    onError: (_error, _edits, kept) => queries.setQueryData(key, kept?.before),
    onSettled: settled,
  })
}

/** The list after edits, in its new order. */
export function edited(list: Phase[], edits: PhaseEdit[]): Phase[] {
  const changes = new Map(edits.map(({ phase, body }) => [phase.id, body]))
  return list
    .map((phase) => ({ ...phase, ...changes.get(phase.id) }))
    .sort((a, b) => a.order - b.order || a.id - b.id)
}

/** Moves a phase one place: only phases that have not started may change places. */
export function moved(list: Phase[], id: number, step: 1 | -1): PhaseEdit[] {
  const from = list.findIndex((phase) => phase.id === id)
  const [one, other] = [list[from], list[from + step]]
  if (one?.status !== 'pending' || other?.status !== 'pending') return []
  const next = [...list]
  next[from] = other
  next[from + step] = one
  let last = Number.NEGATIVE_INFINITY
  const places = list.map((phase) => {
    last = Math.max(last + 1, phase.order)
    return last
  })
  return next.flatMap((phase, i) => {
    const order = places[i] ?? phase.order
    return order === phase.order ? [] : [{ phase, body: { order } }]
  })
}

export function useDeletePhase(name: string) {
  const settled = useSettled(name)
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(api.DELETE('/api/projects/{name}/phases/{id}', { params: { path: { name, id } } })),
    onSettled: settled,
  })
}

/** The gate: each answer waits for the server, because agents start or stop spending with it. */
export function useDecidePhase(name: string, id: number) {
  const settled = useSettled(name)
  const path = { name, id }
  const approve = useMutation({
    mutationFn: (body: Schemas['ApprovePhase']) =>
      unwrap(api.POST('/api/projects/{name}/phases/{id}/approve', { params: { path }, body })),
    onSettled: settled,
  })
  const reject = useMutation({
    mutationFn: (body: Schemas['RejectPhase']) =>
      unwrap(api.POST('/api/projects/{name}/phases/{id}/reject', { params: { path }, body })),
    onSettled: settled,
  })
  return { approve, reject }
}

export function usePhaseAction(name: string) {
  const settled = useSettled(name)
  return useMutation({
    mutationFn: ({
      id,
      action,
      reason,
    }: {
      id: number
      action: 'start' | 'submit' | 'reopen'
      reason?: string
    }) => {
      const params = { path: { name, id } }
      if (action === 'start') return unwrap(api.POST('/api/projects/{name}/phases/{id}/start', { params }))
      if (action === 'submit') return unwrap(api.POST('/api/projects/{name}/phases/{id}/submit', { params }))
      return unwrap(
        api.POST('/api/projects/{name}/phases/{id}/reopen', { params, body: { reason: reason ?? '' } }),
      )
    },
    onSettled: settled,
  })
}
