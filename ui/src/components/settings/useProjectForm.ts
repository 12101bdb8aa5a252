import { useState } from 'react'
import { failed, said } from '@/components/ui/Toast'
import type { Schemas } from '@/lib/api/client'
import { fieldErrors, isStale } from '@/lib/api/problems'
import { useEditProject } from '@/lib/api/queries/settings'

type Project = Schemas['ProjectView']

/** A form over a project: what is saved elsewhere meanwhile is told, and never overwritten unseen. */
export function useProjectForm<D extends Record<string, string>>(
  project: Project,
  draftOf: (p: Project) => D,
  bodyOf: (d: D) => Schemas['EditProject'],
) {
  const [seen, setSeen] = useState(project)
  const [draft, setDraft] = useState(() => draftOf(project))
  const edit = useEditProject(project.name)
  const saved = draftOf(seen)
  const changed = Object.keys(draft).some((key) => draft[key] !== saved[key])
  // Nothing is typed: what the server has now is shown at once.
  if (!changed && seen.version !== project.version) {
    setSeen(project)
    setDraft(draftOf(project))
  }
  return {
    draft,
    changed,
    busy: edit.isPending,
    errors: fieldErrors(edit.error),
    set: (part: Partial<D>) => setDraft({ ...draft, ...part }),
    discard: () => {
      setSeen(project)
      setDraft(draftOf(project))
    },
    save: () => {
      if (!changed || edit.isPending) return
      edit.mutate(
        { project: seen, body: bodyOf(draft) },
        {
          onSuccess: (now) => {
            setSeen(now)
            setDraft(draftOf(now))
            said('Saved.')
          },
          onError: (e) => {
            if (isStale(e)) {
              failed(e, 'Somebody else changed it meanwhile. Save again to keep yours, or discard')
              setSeen(project)
            } else if (fieldErrors(e).size === 0) failed(e, 'It was not saved')
          },
        },
      )
    },
  }
}
