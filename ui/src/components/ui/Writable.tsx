import type { ReactNode } from 'react'
import { useConnection } from '@/lib/api/connection'

type Props = { className?: string; children: ReactNode }

/** Controls that write: disabled with the reason while the server is away. Links and reading go on. */
export function Writable({ className = 'contents', children }: Props) {
  const offline = useConnection() === 'offline'
  return (
    <fieldset
      disabled={offline}
      title={offline ? 'Offline: nothing can be saved until the server answers again.' : undefined}
      className={`min-w-0 ${className}`}
    >
      {children}
    </fieldset>
  )
}
