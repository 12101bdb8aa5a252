import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { typing } from '@/app/useShortcuts'
import type { Feature } from '@/lib/types'
import { useNavigation } from './useNavigation'

/** The page of a level; Backspace or Alt+↑ goes one level up, as in a file manager. */
export function DrillDownContainer({ children }: { children: ReactNode }) {
  const at = useNavigation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  useEffect(() => {
    const up = (e: KeyboardEvent) => {
      const isUp = (e.key === 'Backspace' && !e.altKey) || (e.key === 'ArrowUp' && e.altKey)
      if (!isUp || e.defaultPrevented || e.ctrlKey || e.metaKey || typing(e.target)) return
      if (document.querySelector('[role=dialog]')) return
      e.preventDefault()
      const { project, phase, feature, section } = at
      if (!project) return void navigate({ to: '/' })
      // Read by the breadcrumb, so it is there.
      const known = queries.getQueryData<Feature>(['projects', project, 'features', feature])
      if (feature && section)
        void navigate({ to: '/p/$project/features/$feature', params: { project, feature } })
      else if (phase && section)
        void navigate({ to: '/p/$project/phases/$phase', params: { project, phase } })
      else if (known?.phase_id)
        void navigate({ to: '/p/$project/phases/$phase', params: { project, phase: known.phase_id } })
      else if (phase || feature || section) void navigate({ to: '/p/$project', params: { project } })
      else void navigate({ to: '/' })
    }
    addEventListener('keydown', up)
    return () => removeEventListener('keydown', up)
  }, [at, navigate, queries])
  return children
}
