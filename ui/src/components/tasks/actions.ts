import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { failed, undoable } from '@/components/ui/Toast'
import type { Card } from '@/lib/api/board'
import { removeTask, UNDO_MS } from '@/lib/api/queries/removal'
import * as q from '@/lib/api/queries/tasks'

type Some = Pick<Card, 'id' | 'name' | 'priority'>

/** Puts a task behind the others of its feature; Undo gives it its place back. */
export function useSkip(project: string) {
  const queries = useQueryClient()
  const { skip } = q.useTaskActions(project)
  const { mutate: edit } = q.useEditTask(project)
  const { mutate } = skip
  return useCallback(
    ({ id, name, priority }: Some, reason?: string) =>
      mutate(
        { id, reason },
        {
          onSuccess: (task) => {
            queries.setQueryData<q.Task>(q.taskKeys.one(project, id), (old) => old && { ...old, ...task })
            undoable(`“${name}” waits behind the others now`, () =>
              edit({ task, body: { priority } }, { onError: (e) => failed(e, 'It kept its new place') }),
            )
          },
          onError: (e) => failed(e, 'The task was not skipped'),
        },
      ),
    [mutate, edit, queries, project],
  )
}

/** Hides a task and deletes it once the time for Undo has gone by. */
export function useRemove(project: string) {
  const queries = useQueryClient()
  return useCallback(
    ({ id, name }: Some) => {
      const undo = removeTask(queries, project, id, (e) => failed(e, `“${name}” was not deleted`))
      undoable(`“${name}” deleted`, undo, UNDO_MS)
    },
    [queries, project],
  )
}
