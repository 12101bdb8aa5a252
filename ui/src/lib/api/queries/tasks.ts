import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import {
  addCard,
  type BoardData,
  type BoardPage,
  type Card,
  type Cursors,
  cardChanges,
  changeCards,
  continued,
  nextCursors,
} from '../board'
import { api, type Schemas, unwrap } from '../client'
import { allPages, ifMatch } from './request'

export type Task = Schemas['TaskWithEvidence']
export type TaskView = Schemas['TaskView']

export const taskKeys = {
  board: (project: string, feature: number, q: string) =>
    ['projects', project, 'board', feature, { q }] as const,
  needs: (project: string, feature: number) => ['projects', project, 'needs', feature] as const,
  one: (project: string, id: number) => ['projects', project, 'tasks', id] as const,
  why: (project: string, id: number) => ['projects', project, 'tasks', id, 'why'] as const,
  runs: (project: string) => ['projects', project, 'runs', 'newest'] as const,
  cost: (project: string) => ['projects', project, 'usage', 'task'] as const,
  graph: (project: string, of: GraphOf) => ['projects', project, 'graph', of] as const,
}

/** The first cards come fast, the rest in few requests. */
const FIRST = 400
const REST = 1000

/** The board of a feature in parts; `q` is looked for by the server. */
export const board = (name: string, feature_id: number, q = '') =>
  infiniteQueryOptions({
    queryKey: taskKeys.board(name, feature_id, q),
    initialPageParam: null as Cursors | null,
    queryFn: async ({ pageParam, signal }) => {
      const list = await unwrap(
        api.GET('/api/projects/{name}/tasks', {
          params: {
            path: { name },
            query: {
              feature_id,
              limit: pageParam ? REST : FIRST,
              q: q || undefined,
              pending_cursor: pageParam?.pending ?? undefined,
              in_progress_cursor: pageParam?.in_progress ?? undefined,
              done_cursor: pageParam?.done ?? undefined,
            },
          },
          signal,
        }),
      )
      return continued(list as BoardPage, pageParam) // without `status` the answer has columns
    },
    getNextPageParam: nextCursors,
    // Another filter keeps the cards on screen until its own are there; another feature does not.
    placeholderData: (old, query) => (query?.queryKey[3] === feature_id ? old : undefined),
  })

/** The cards that wait for a person: asked questions first, then blocked ones. */
export const needs = (name: string, feature_id: number) =>
  queryOptions({
    queryKey: taskKeys.needs(name, feature_id),
    queryFn: async ({ signal }) => {
      const of = (status: 'needs_input' | 'blocked') =>
        allPages((cursor) =>
          unwrap(
            api.GET('/api/projects/{name}/features/{feature_id}/tasks', {
              params: { path: { name, feature_id }, query: { status, limit: 1000, cursor } },
              signal,
            }),
          ),
        )
      const [asking, blocked] = await Promise.all([of('needs_input'), of('blocked')])
      return [...asking, ...blocked]
    },
  })

export const task = (name: string, id: number) =>
  queryOptions({
    queryKey: taskKeys.one(name, id),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/projects/{name}/tasks/{id}', { params: { path: { name, id } }, signal })),
  })

export const why = (name: string, id: number) =>
  queryOptions({
    queryKey: taskKeys.why(name, id),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/projects/{name}/tasks/{id}/why', { params: { path: { name, id } }, signal })),
  })

/** The newest runs of the project: a task's attempts are among them. */
export const runs = (name: string) =>
  queryOptions({
    queryKey: taskKeys.runs(name),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/projects/{name}/runs', { params: { path: { name }, query: { limit: 1000 } }, signal }),
      ),
  })

export type GraphOf = { phase_id: number } | { feature_id: number }

export const graph = (name: string, of: GraphOf) =>
  queryOptions({
    queryKey: taskKeys.graph(name, of),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/projects/{name}/graph', { params: { path: { name }, query: of }, signal })),
  })

type Boards = [readonly unknown[], BoardData | undefined][]

/** Changes every loaded board of the project that shows one of these cards. */
function changeBoards(
  queries: QueryClient,
  project: string,
  change: (board: BoardData, feature: unknown) => BoardData,
): Boards {
  const kept = queries.getQueriesData<BoardData>({
    predicate: ({ queryKey: k }) => k[0] === 'projects' && k[1] === project && k[2] === 'board',
  })
  for (const [key, data] of kept) if (data) queries.setQueryData(key, change(data, key[3]))
  return kept
}

const restore = (queries: QueryClient, kept: Boards | undefined) => {
  for (const [key, data] of kept ?? []) queries.setQueryData(key, data)
}

/** Changes loaded cards by id on every board of the project. */
export const patchCards = (
  queries: QueryClient,
  project: string,
  changes: ReadonlyMap<number, Partial<Card> | null>,
) => changeBoards(queries, project, (board) => changeCards(board, changes))

const late = new Map<string, ReturnType<typeof setTimeout>>()
const SOON_MS = 400
/** A board of many parts is not read again at every step of an agent. */
const LATER_MS = 5_000

/** Reads again, once for a burst: what a card waits for, and what is new, is not in the events. */
function refreshSoon(queries: QueryClient, project: string) {
  // Patched but perhaps incomplete: read again when they come on screen.
  void queries.invalidateQueries({
    type: 'inactive',
    refetchType: 'none',
    predicate: ({ queryKey: k }) => k[0] === 'projects' && k[1] === project && k[2] === 'board',
  })
  const shown = queries.getQueryCache().findAll({
    type: 'active',
    predicate: ({ queryKey: k }) =>
      k[0] === 'projects' && k[1] === project && (k[2] === 'board' || k[2] === 'needs' || k[2] === 'graph'),
  })
  for (const { queryHash, queryKey, state } of shown) {
    if (late.has(queryHash)) continue
    const parts = queryKey[2] === 'board' ? ((state.data as BoardData | undefined)?.pages.length ?? 0) : 1
    const read = () => {
      late.delete(queryHash)
      void queries.invalidateQueries({ queryKey, exact: true })
    }
    late.set(queryHash, setTimeout(read, parts > 1 ? LATER_MS : SOON_MS))
  }
}

/** Puts a batch of events into the loaded boards and open tasks: cards move at once, the rest is read again soon. */
export function applyTaskEvents(queries: QueryClient, project: string, events: Schemas['Event'][]) {
  const ours = events.filter(({ kind }) => kind.startsWith('task.'))
  if (ours.length === 0) return
  const changes = cardChanges(ours)
  if (changes.size > 0) patchCards(queries, project, changes)
  for (const { subject } of ours)
    void queries.invalidateQueries({ queryKey: taskKeys.one(project, Number(subject.split(':')[1])) })
  refreshSoon(queries, project)
}

export function cardOf(t: TaskView): Card {
  const { id, feature_id, name, category, priority, status, passes, in_progress } = t
  const { estimated_complexity, agent_id, is_blocked } = t
  const base = { id, feature_id, name, category, priority, status, passes, in_progress }
  return { ...base, estimated_complexity, agent_id, is_blocked, steps_count: t.steps.length }
}

/** What every change of a task does: cards first, then the rest of the project is read again. */
function useTaskCache(name: string) {
  const queries = useQueryClient()
  return {
    queries,
    /** Shows a change before the server has answered; the result undoes it. */
    show: async (id: number, change: Partial<Card> | null) => {
      await queries.cancelQueries({ predicate: ({ queryKey: k }) => k[1] === name && k[2] === 'board' })
      return patchCards(queries, name, new Map([[id, change]]))
    },
    settled: () => queries.invalidateQueries({ queryKey: ['projects', name] }),
    restore: (kept: Boards | undefined) => restore(queries, kept),
  }
}

export function useCreateTask(name: string) {
  const { queries, settled } = useTaskCache(name)
  return useMutation({
    mutationFn: (body: Schemas['CreateTask']) =>
      unwrap(api.POST('/api/projects/{name}/tasks', { params: { path: { name } }, body })),
    onSuccess: (made) => {
      changeBoards(queries, name, (board, feature) =>
        feature === made.feature_id ? addCard(board, cardOf(made)) : board,
      )
    },
    onSettled: settled,
  })
}

export function useEditTask(name: string) {
  const { queries, show, settled, restore } = useTaskCache(name)
  return useMutation({
    mutationFn: ({ task, body }: { task: { id: number; version: number }; body: Schemas['EditTask'] }) =>
      unwrap(
        api.PATCH('/api/projects/{name}/tasks/{id}', {
          params: { path: { name, id: task.id }, header: ifMatch(task) },
          body,
        }),
      ),
    onMutate: async ({ task, body }) => {
      const { name: title, category, priority, estimated_complexity, steps } = body
      const change: Partial<Card> = {
        ...(title !== undefined && { name: title }),
        ...(category !== undefined && { category }),
        ...(priority !== undefined && { priority }),
        ...(estimated_complexity !== undefined && { estimated_complexity }),
        ...(steps !== undefined && { steps_count: steps.length }),
      }
      return { kept: await show(task.id, change) }
    },
    onSuccess: (saved) =>
      queries.setQueryData<Task>(taskKeys.one(name, saved.id), (old) => old && { ...old, ...saved }),
    onError: (_error, _edit, before) => restore(before?.kept),
    onSettled: settled,
  })
}

export function useTaskActions(name: string) {
  const { show, settled, restore } = useTaskCache(name)
  const path = (id: number) => ({ path: { name, id } })
  const skip = useMutation({
    mutationFn: ({ id, reason }: { id: number; reason?: string }) =>
      unwrap(
        api.PATCH('/api/projects/{name}/tasks/{id}/skip', {
          params: path(id),
          body: reason ? { reason } : {},
        }),
      ),
    onMutate: async ({ id }) => ({ kept: await show(id, { status: 'pending', in_progress: false }) }),
    onError: (_error, _skip, before) => restore(before?.kept),
    onSettled: settled,
  })
  const reopen = useMutation({
    mutationFn: ({ id, reason }: { id: number; reason: string }) =>
      unwrap(api.POST('/api/projects/{name}/tasks/{id}/reopen', { params: path(id), body: { reason } })),
    onSettled: settled,
  })
  const answer = useMutation({
    mutationFn: ({ id, text }: { id: number; text: string }) =>
      unwrap(api.POST('/api/projects/{name}/tasks/{id}/answer', { params: path(id), body: { text } })),
    onSettled: settled,
  })
  const depend = useMutation({
    mutationFn: ({ id, depends_on }: { id: number; depends_on: number[] }) =>
      unwrap(
        api.PUT('/api/projects/{name}/tasks/{id}/dependencies', { params: path(id), body: { depends_on } }),
      ),
    onSettled: settled,
  })
  return { skip, reopen, answer, depend }
}

/** Tasks of the project by name or number, for choosing one. */
export const findTasks = (project: string, words: string) =>
  queryOptions({
    queryKey: ['projects', project, 'find', words] as const,
    queryFn: async ({ signal }) => {
      const { items } = await unwrap(
        api.GET('/api/search', { params: { query: { q: words, limit: 50 } }, signal }),
      )
      return items.filter((hit) => hit.kind === 'task' && hit.project_name === project).slice(0, 8)
    },
    enabled: words.trim().length > 1,
  })
