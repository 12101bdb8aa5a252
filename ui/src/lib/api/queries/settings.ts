import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '../client'
import { allPages, ifMatch } from './request'

export type Schedule = Schemas['ScheduleView']
export type Webhook = Schemas['WebhookView']
export type Token = Schemas['TokenView']
export type Delivery = Schemas['DeliveryView']
type Project = Schemas['ProjectView']

export const settingsKeys = {
  events: (project: string) => ['projects', project, 'events'] as const,
  schedules: (project: string) => ['projects', project, 'schedules'] as const,
  webhooks: ['webhooks'] as const,
  deliveries: (id: number) => ['webhooks', id, 'deliveries'] as const,
  tokens: ['tokens'] as const,
}

/** What happened in a project, newest first, part by part. */
export const events = (name: string) =>
  infiniteQueryOptions({
    queryKey: settingsKeys.events(name),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      unwrap(
        api.GET('/api/projects/{name}/events', {
          params: { path: { name }, query: { limit: 200, cursor } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const schedules = (name: string) =>
  queryOptions({
    queryKey: settingsKeys.schedules(name),
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(
          api.GET('/api/projects/{name}/schedules', {
            params: { path: { name }, query: { limit: 1000, cursor } },
            signal,
          }),
        ),
      ),
  })

export const webhooks = () =>
  queryOptions({
    queryKey: settingsKeys.webhooks,
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(api.GET('/api/webhooks', { params: { query: { limit: 1000, cursor } }, signal })),
      ),
    retry: false,
  })

export const deliveries = (id: number) =>
  queryOptions({
    queryKey: settingsKeys.deliveries(id),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/webhooks/{id}/deliveries', { params: { path: { id }, query: { limit: 50 } }, signal }),
      ),
  })

export const tokens = () =>
  queryOptions({
    queryKey: settingsKeys.tokens,
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(api.GET('/api/tokens', { params: { query: { limit: 1000, cursor } }, signal })),
      ),
    retry: false,
  })

function useStale(key: readonly unknown[]) {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: key })
}

export function useEditProject(name: string) {
  const stale = useStale(['projects'])
  return useMutation({
    mutationFn: ({ project, body }: { project: Project; body: Schemas['EditProject'] }) =>
      unwrap(
        api.PATCH('/api/projects/{name}', { params: { path: { name }, header: ifMatch(project) }, body }),
      ),
    onSettled: stale,
  })
}

export function useDeleteProject(name: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (force: boolean) =>
      unwrap(api.DELETE('/api/projects/{name}', { params: { path: { name }, query: { force } } })),
    onSuccess: () => {
      queries.removeQueries({ queryKey: ['projects', name] })
      return Promise.all(
        [['projects'], ['inbox'], ['usage']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      )
    },
  })
}

export function useCreateSchedule(name: string) {
  return useMutation({
    mutationFn: (body: Schemas['CreateSchedule']) =>
      unwrap(api.POST('/api/projects/{name}/schedules', { params: { path: { name } }, body })),
    onSettled: useStale(settingsKeys.schedules(name)),
  })
}

export function useEditSchedule(name: string) {
  return useMutation({
    mutationFn: ({ schedule, body }: { schedule: Schedule; body: Schemas['EditSchedule'] }) =>
      unwrap(
        api.PATCH('/api/projects/{name}/schedules/{id}', {
          params: { path: { name, id: schedule.id }, header: ifMatch(schedule) },
          body,
        }),
      ),
    onSettled: useStale(settingsKeys.schedules(name)),
  })
}

export function useDeleteSchedule(name: string) {
  return useMutation({
    mutationFn: (schedule: Schedule) =>
      unwrap(
        api.DELETE('/api/projects/{name}/schedules/{id}', {
          params: { path: { name, id: schedule.id }, header: ifMatch(schedule) },
        }),
      ),
    onSettled: useStale(settingsKeys.schedules(name)),
  })
}

export function useCreateWebhook() {
  return useMutation({
    mutationFn: (body: Schemas['CreateWebhook']) => unwrap(api.POST('/api/webhooks', { body })),
    onSettled: useStale(settingsKeys.webhooks),
  })
}

export function useEditWebhook() {
  return useMutation({
    mutationFn: ({ webhook, body }: { webhook: Webhook; body: Schemas['EditWebhook'] }) =>
      unwrap(
        api.PATCH('/api/webhooks/{id}', {
          params: { path: { id: webhook.id }, header: ifMatch(webhook) },
          body,
        }),
      ),
    onSettled: useStale(settingsKeys.webhooks),
  })
}

export function useDeleteWebhook() {
  return useMutation({
    mutationFn: (webhook: Webhook) =>
      unwrap(
        api.DELETE('/api/webhooks/{id}', { params: { path: { id: webhook.id }, header: ifMatch(webhook) } }),
      ),
    onSettled: useStale(settingsKeys.webhooks),
  })
}

export function useReplayDelivery(id: number) {
  return useMutation({
    mutationFn: (delivery_id: number) =>
      unwrap(
        api.POST('/api/webhooks/{id}/deliveries/{delivery_id}/replay', {
          params: { path: { id, delivery_id } },
        }),
      ),
    onSettled: useStale(settingsKeys.deliveries(id)),
  })
}

export function useCreateToken() {
  return useMutation({
    mutationFn: (body: Schemas['CreateToken']) => unwrap(api.POST('/api/tokens', { body })),
    onSettled: useStale(settingsKeys.tokens),
  })
}

export function useRevokeToken() {
  return useMutation({
    mutationFn: (id: number) => unwrap(api.DELETE('/api/tokens/{id}', { params: { path: { id } } })),
    onSettled: useStale(settingsKeys.tokens),
  })
}
