import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '../client'
import { allPages } from './request'

export type Agent = Schemas['AgentView']
export type Run = Schemas['RunView']

export const agentKeys = {
  list: (project: string) => ['projects', project, 'agents'] as const,
  runs: (project: string, agent: string) => ['projects', project, 'runs', 'of', agent] as const,
  run: (project: string, run: number) => ['projects', project, 'runs', run] as const,
}

export const agents = (name: string) =>
  queryOptions({
    queryKey: agentKeys.list(name),
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(
          api.GET('/api/projects/{name}/agents', {
            params: { path: { name }, query: { limit: 1000, cursor } },
            signal,
          }),
        ),
      ),
  })

/** The runs of one agent, newest first, part by part. */
export const agentRuns = (name: string, agent_id: string) =>
  infiniteQueryOptions({
    queryKey: agentKeys.runs(name, agent_id),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      unwrap(
        api.GET('/api/projects/{name}/runs', {
          params: { path: { name }, query: { agent_id, limit: 50, cursor } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** One run, when it is not among those read already. */
export const run = (name: string, id: number) =>
  queryOptions({
    queryKey: agentKeys.run(name, id),
    queryFn: ({ signal }) => unwrap(api.GET('/api/runs/{id}', { params: { path: { id } }, signal })),
  })

function useSettled(project: string) {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: agentKeys.list(project) }),
      queries.invalidateQueries({ queryKey: ['projects', project, 'runs'] }),
      queries.invalidateQueries({ queryKey: ['projects'], exact: true }),
    ])
}

/** Starting, pausing and stopping wait for the server's word. */
export function useAgentAction(name: string) {
  return useMutation({
    mutationFn: ({ id, action }: { id: string; action: 'start' | 'pause' | 'resume' | 'stop' }) =>
      unwrap(api.POST(`/api/projects/{name}/agents/{id}/${action}`, { params: { path: { name, id } } })),
    onSettled: useSettled(name),
  })
}

export function useCreateAgent(name: string) {
  return useMutation({
    mutationFn: (body: Schemas['CreateAgent']) =>
      unwrap(api.POST('/api/projects/{name}/agents', { params: { path: { name } }, body })),
    onSettled: useSettled(name),
  })
}

export function useEditAgent(name: string) {
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: Schemas['EditAgent'] }) =>
      unwrap(api.PATCH('/api/projects/{name}/agents/{id}', { params: { path: { name, id } }, body })),
    onSettled: useSettled(name),
  })
}

export function useDeleteAgent(name: string) {
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE('/api/projects/{name}/agents/{id}', { params: { path: { name, id } } })),
    onSettled: useSettled(name),
  })
}
