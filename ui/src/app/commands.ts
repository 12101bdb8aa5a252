import type { useNavigate } from '@tanstack/react-router'
import { undoNewest } from '@/components/ui/Toast'
import type { InboxItem } from '@/lib/api/queries/inbox'
import type { NavigationState } from '@/lib/types'
import { toggleTheme } from './theme'

/** What a command may look at. */
export type Here = {
  at: NavigationState
  needs: InboxItem[]
  navigate: ReturnType<typeof useNavigate>
  openPalette: () => void
  openHelp: () => void
}
export type Command = {
  label: string
  /** 'c', '?', 'mod+k', or one key after another: 'g p'. */
  keys?: string
  /** Left out: everywhere. */
  valid?: (here: Here) => boolean
  /** Not listed in the palette. */
  hidden?: boolean
  run: (here: Here) => void
}

const inProject = ({ at }: Here) => !!at.project

/** Every command with its keys: the palette, the help and the keyboard read this one list. */
export const commands: Command[] = [
  { label: 'Search or run a command', keys: 'mod+k', hidden: true, run: (h) => h.openPalette() },
  { label: 'Search', keys: '/', hidden: true, run: (h) => h.openPalette() },
  { label: 'Undo the newest change', keys: 'mod+z', hidden: true, run: () => void undoNewest() },
  { label: 'Keyboard shortcuts and notices', keys: '?', run: (h) => h.openHelp() },
  { label: 'Go to projects', keys: 'g p', run: (h) => void h.navigate({ to: '/' }) },
  { label: 'Go to usage', keys: 'g u', run: (h) => void h.navigate({ to: '/usage' }) },
  { label: 'Go to what needs you', keys: 'g i', run: nextNeed },
  { label: 'Open the inbox', run: (h) => void h.navigate({ to: '/inbox' }) },
  {
    label: 'Go to the project’s agents',
    keys: 'g a',
    valid: inProject,
    run: (h) => toProject(h, '/p/$project/agents'),
  },
  {
    label: 'Show the project’s activity',
    valid: inProject,
    run: (h) => toProject(h, '/p/$project/activity'),
  },
  {
    label: 'Open the project’s settings',
    valid: inProject,
    run: (h) => toProject(h, '/p/$project/settings'),
  },
  { label: 'Create here', keys: 'c', run: create },
  { label: 'New project', keys: 'n', run: (h) => void h.navigate({ to: '/', search: { add: 'project' } }) },
  { label: 'Usage settings', run: (h) => void h.navigate({ to: '/usage/settings' }) },
  { label: 'Switch between light and dark', run: toggleTheme },
]

/** Keys that screens and dialogs answer by themselves. */
export const otherKeys: [string, string][] = [
  ['Move between cards', 'j k ↑ ↓ ← →'],
  ['Open', 'Enter'],
  ['One level up', 'Backspace or Alt ↑'],
  ['Close', 'Esc'],
  ['Confirm a dialog', 'Mod Enter'],
  ['Edit, priority, skip a task', 'e p s'],
  ['Previous and next task', '[ ]'],
]

function toProject(h: Here, to: '/p/$project/agents' | '/p/$project/activity' | '/p/$project/settings') {
  if (h.at.project) void h.navigate({ to, params: { project: h.at.project } })
}

function nextNeed({ needs: [item], navigate }: Here) {
  if (item) toNeed(navigate, item)
  else void navigate({ to: '/inbox' })
}

/** The place where something that waits for the person is decided. */
export function toNeed(navigate: Here['navigate'], { kind, project_name: project, id }: InboxItem) {
  if (kind === 'gate')
    void navigate({ to: '/p/$project/phases/$phase/review', params: { project, phase: id } })
  else if (kind === 'spec')
    void navigate({ to: '/p/$project/features/$feature/spec', params: { project, feature: id } })
  else void navigate({ to: '/inbox', search: { project } })
}

function create(h: Here) {
  const { project, phase, feature } = h.at
  if (!project) void h.navigate({ to: '/', search: { add: 'project' } })
  else if (feature) document.querySelector<HTMLElement>('[data-add-task]')?.click()
  else if (phase) {
    void h.navigate({
      to: '/p/$project/phases/$phase',
      params: { project, phase },
      search: { add: 'feature' },
    })
  } else void h.navigate({ to: '/p/$project', params: { project }, search: { add: 'phase' } })
}
