import { useEffect, useRef } from 'react'
import type { InboxItem } from '@/lib/api/queries/inbox'
import { remember, remembered } from './storage'

const KEY = 'autocoder-notices'
const words: Record<InboxItem['kind'], string> = {
  gate: 'A phase waits for your approval',
  question: 'An agent asks you',
  blocked: 'A task is blocked',
  spec: 'A spec waits for you',
  budget: 'A budget is used up',
}

/** Only secure pages have them: this machine's, or one behind TLS. */
export const canNotify = () => 'Notification' in window && window.isSecureContext
export const notifies = () => canNotify() && Notification.permission === 'granted' && remembered(KEY) !== null

/** Asks the browser when needed; says whether notices come. */
export async function setNotifies(on: boolean): Promise<boolean> {
  const allowed = on && (await Notification.requestPermission()) === 'granted'
  remember(KEY, allowed ? '1' : null)
  return allowed
}

const keyOf = (item: InboxItem) => `${item.kind}-${item.project_name}-${item.id}-${item.since}`

/** Tells what newly needs the person while they look elsewhere; other tabs' notices of it are the same one. */
export function useNotices(needs: InboxItem[] | undefined, open: (item: InboxItem) => void) {
  const known = useRef<Set<string>>(undefined)
  useEffect(() => {
    if (!needs) return
    const fresh = needs.filter((item) => known.current && !known.current.has(keyOf(item)))
    known.current = new Set(needs.map(keyOf))
    if (document.hasFocus() || !notifies()) return
    for (const item of fresh) {
      const body = `${item.name} · ${item.project_name}`
      const notice = new Notification(words[item.kind], { body, tag: keyOf(item), icon: '/icon.svg' })
      notice.onclick = () => {
        focus()
        open(item)
      }
    }
  }, [needs, open])
}
