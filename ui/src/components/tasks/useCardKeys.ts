import { useCallback } from 'react'
import type { Card } from '@/lib/api/board'
import { useConnection } from '@/lib/api/connection'
import { useRemove, useSkip } from './actions'

export type EditWhat = 'fields' | 'priority'

/** Keys on a card or in the panel: `e` edit, `p` priority, `s` skip, `Del` delete. Says whether the key meant something. */
export function useCardKeys(project: string, open: (id: number, edit: EditWhat) => void) {
  const skip = useSkip(project)
  const remove = useRemove(project)
  const offline = useConnection() === 'offline'
  return useCallback(
    (key: string, task: Pick<Card, 'id' | 'name' | 'status' | 'priority'>) => {
      if (offline) return false
      if (key === 'e') open(task.id, 'fields')
      else if (key === 'p') open(task.id, 'priority')
      else if (key === 's' && task.status !== 'passing') skip(task)
      else if (key === 'Delete') remove(task)
      else return false
      return true
    },
    [open, skip, remove, offline],
  )
}
