import type { Feature } from '@/lib/api/queries/features'

/** Where the spec stands, by what a list knows of it. */
export function specState(f: Pick<Feature, 'status' | 'spec_requested_at'>): string {
  if (f.status === 'speccing') return 'being written'
  if (f.spec_requested_at) return 'asked for'
  return f.status === 'pending' ? 'none yet' : 'ready'
}
