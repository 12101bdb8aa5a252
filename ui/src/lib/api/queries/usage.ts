import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '../client'
import { allPages, ifMatch } from './request'

export type Stats = Schemas['UsageStats']
export type Group = Schemas['UsageGroup']
export type HistoryItem = Schemas['UsageHistoryItem']
export type Settings = Schemas['UsageSettings']
export type Budget = Schemas['BudgetView']
export type Forecast = Schemas['ForecastView']
export type HistoryQuery = { days: number; group_by: Group; project?: string | undefined }

export const usageKeys = {
  all: ['usage'] as const,
  stats: ['usage', 'stats'] as const,
  project: (name: string) => ['usage', 'projects', name] as const,
  history: (query: HistoryQuery) => ['usage', 'history', query] as const,
  settings: ['usage', 'settings'] as const,
  budgets: ['usage', 'budgets'] as const,
  prices: ['usage', 'prices'] as const,
  forecast: (name: string) => ['projects', name, 'forecast'] as const,
}

export const usage = () =>
  queryOptions({
    queryKey: usageKeys.stats,
    queryFn: ({ signal }) => unwrap(api.GET('/api/usage', { signal })),
  })

export const projectUsage = (name: string) =>
  queryOptions({
    queryKey: usageKeys.project(name),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/usage/projects/{name}', { params: { path: { name } }, signal })),
  })

export const usageHistory = (query: HistoryQuery) =>
  queryOptions({
    queryKey: usageKeys.history(query),
    queryFn: ({ signal }) => unwrap(api.GET('/api/usage/history', { params: { query }, signal })),
  })

export const forecast = (name: string) =>
  queryOptions({
    queryKey: usageKeys.forecast(name),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/projects/{name}/forecast', { params: { path: { name } }, signal })),
  })

export const usageSettings = () =>
  queryOptions({
    queryKey: usageKeys.settings,
    queryFn: ({ signal }) => unwrap(api.GET('/api/usage/settings', { signal })),
  })

export const prices = () =>
  queryOptions({
    queryKey: usageKeys.prices,
    queryFn: ({ signal }) => unwrap(api.GET('/api/usage/prices', { signal })),
  })

export const budgets = () =>
  queryOptions({
    queryKey: usageKeys.budgets,
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(api.GET('/api/usage/budgets', { params: { query: { limit: 1000, cursor } }, signal })),
      ),
  })

/** What counts changed: all figures, and the forecasts of the projects, are read again. */
function useCounted() {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: usageKeys.all }),
      queries.invalidateQueries({ predicate: (q) => q.queryKey[2] === 'forecast' }),
    ])
}

export function useSaveSettings() {
  const counted = useCounted()
  return useMutation({
    mutationFn: (body: Settings) => unwrap(api.PUT('/api/usage/settings', { body })),
    onSettled: counted,
  })
}

export function useCreateBudget() {
  const counted = useCounted()
  return useMutation({
    mutationFn: (body: Schemas['CreateBudget']) => unwrap(api.POST('/api/usage/budgets', { body })),
    onSettled: counted,
  })
}

export function useEditBudget() {
  const counted = useCounted()
  return useMutation({
    mutationFn: ({ budget, body }: { budget: Budget; body: Schemas['EditBudget'] }) =>
      unwrap(
        api.PATCH('/api/usage/budgets/{id}', {
          params: { path: { id: budget.id }, header: ifMatch(budget) },
          body,
        }),
      ),
    onSettled: counted,
  })
}

export function useDeleteBudget() {
  const counted = useCounted()
  return useMutation({
    mutationFn: (budget: Budget) =>
      unwrap(
        api.DELETE('/api/usage/budgets/{id}', {
          params: { path: { id: budget.id }, header: ifMatch(budget) },
        }),
      ),
    onSettled: counted,
  })
}

export function useReplacePrices() {
  const counted = useCounted()
  return useMutation({
    mutationFn: (body: Schemas['ReplacePrices']) => unwrap(api.PUT('/api/usage/prices', { body })),
    onSettled: counted,
  })
}
