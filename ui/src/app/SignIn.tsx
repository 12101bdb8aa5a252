import { useState } from 'react'
import { button } from '@/components/ui/button'
import { input, Labelled } from '@/components/ui/Labelled'
import { ApiError } from '@/lib/api/client'
import { exchange } from './login'

/** Shown without a login: says the one command that gives one. */
export default function SignIn({ problem }: { problem?: string | undefined }) {
  const [code, setCode] = useState('')
  const [error, setError] = useState(problem)
  const [busy, setBusy] = useState(false)
  const enter = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await exchange(code.trim().replace(/^.*#code=/, ''))
    } catch (e) {
      setError(e instanceof ApiError ? e.message : 'The server did not answer')
    }
    setBusy(false)
  }
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <form
        className="w-full max-w-sm rounded-xl border border-line bg-surface p-6"
        onSubmit={(e) => {
          e.preventDefault()
          void enter()
        }}
      >
        <img src="/icon.svg" alt="" width={28} height={28} />
        <h1 className="mt-3 text-lg font-semibold">Sign in to Autocoder</h1>
        <p className="mt-1 text-muted">
          On the server’s machine, run <code className="font-mono text-fg">autocoder open</code>. It opens
          this page signed in, or prints an address with a code that works once.
        </p>
        <Labelled label="Code or address" error={error} className="mt-4">
          {(aria) => (
            <input
              {...aria}
              className={input}
              autoComplete="off"
              value={code}
              onChange={(e) => setCode(e.target.value)}
            />
          )}
        </Labelled>
        <button type="submit" className={`${button.primary} mt-4 w-full`} disabled={busy || !code.trim()}>
          Sign in
        </button>
      </form>
    </main>
  )
}
