import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { Failed, Gone } from '@/components/ui/states'

/** An address that leads nowhere. */
export const NotFound = () => <Gone title="Nothing here" />

/** A page that broke: the shell stays, and it can be tried again. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <div className="mx-auto max-w-2xl p-4 sm:p-6">
      <Failed error={error instanceof Error ? error : new Error(String(error))} retry={retry} />
    </div>
  )
}
