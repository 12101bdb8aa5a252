import { api, unwrap } from '@/lib/api/client'
import { session, takeCode } from '@/lib/api/session'

/** Gives the single-use code for a token of this browser's own. */
export async function exchange(code: string) {
  const { token } = await unwrap(api.POST('/api/auth/exchange', { body: { code } }))
  session.keep(token)
}

/** Logs in with the code of the address, when there is one; says what was wrong with it. */
export async function loginFromAddress(): Promise<string | undefined> {
  const code = takeCode()
  if (!code) return undefined
  try {
    await exchange(code)
    return undefined
  } catch (error) {
    // An older login still counts.
    return session.token() ? undefined : error instanceof Error ? error.message : String(error)
  }
}
