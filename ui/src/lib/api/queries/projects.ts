import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '../client'
import { allPages } from './request'

export type Project = Schemas['ProjectView']

export const projectKeys = { all: ['projects'] as const, one: (name: string) => ['projects', name] as const }

/** Every project, as the server orders them. */
export const projects = () =>
  queryOptions({
    queryKey: projectKeys.all,
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(
          api.GET('/api/projects', { params: { query: { limit: 1000, ...(cursor && { cursor }) } }, signal }),
        ),
      ),
  })

export const project = (name: string) =>
  queryOptions({
    queryKey: [...projectKeys.one(name), 'itself'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/projects/{name}', { params: { path: { name } }, signal })),
  })

export function useCreateProject() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas['CreateProject']) => unwrap(api.POST('/api/projects', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: projectKeys.all, exact: true }),
  })
}

export type ProjectAction = 'start' | 'pause' | 'resume' | 'archive'
const path = {
  start: '/api/projects/{name}/start',
  pause: '/api/projects/{name}/pause',
  resume: '/api/projects/{name}/resume',
  archive: '/api/projects/{name}/archive',
} as const

/** What the person wants of a project; the server decides, and agents follow. */
export function useProjectAction() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ name, action }: { name: string; action: ProjectAction }) =>
      unwrap(api.POST(path[action], { params: { path: { name } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: projectKeys.all }),
  })
}
