/** The login of this browser: a bearer token that `autocoder open` led to. Other tabs share it. */
const KEY = 'autocoder-token'

const watchers = new Set<() => void>()
const stored = () => {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null // storage is switched off: the login lasts as long as the page
  }
}
let token = stored()
/** A server without login lets everybody in, so that only its refusal closes the page. */
let refused = false

const set = (next: string | null, isRefused: boolean) => {
  token = next
  refused = isRefused
  for (const watcher of watchers) watcher()
}

globalThis.addEventListener?.('storage', (e) => e.key === KEY && set(e.newValue, e.newValue === null))

export const session = {
  token: () => token,
  isOpen: () => !refused,
  keep(next: string) {
    set(next, false)
    try {
      localStorage.setItem(KEY, next)
    } catch {}
  },
  /** The server does not know the token (any more), or wants one. */
  end() {
    set(null, true)
    try {
      localStorage.removeItem(KEY)
    } catch {}
  },
  /** Without a token: asks the server whether it wants one, before a page is drawn for nothing. */
  async begin() {
    if (token) return
    const response = await fetch('/api/projects?limit=1').catch(() => undefined)
    if (response?.status === 401) set(null, true)
  },
  subscribe(watcher: () => void) {
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  },
}

/** The single-use code of `/#code=…`, taken out of the address before anything else can see it. */
export function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code')
  if (code) history.replaceState(history.state, '', location.pathname + location.search)
  return code
}
