import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Schemas } from '@/lib/api/client'
import * as q from '@/lib/api/queries/phases'
import { cx, fmtCompact, fmtCost, fmtDateTime, fmtDuration } from '@/lib/format'
import { facts } from './facts'

/** The figures behind the decision; what deserves a second look is amber. */
export function ReviewFacts({ review, project }: { review: Schemas['PhaseReview']; project: string }) {
  const usage = useQuery(q.phaseUsage(project))
  const spent = usage.data?.items.find((item) => item.id === review.phase.id)
  const rehearsed = spent && spent.tokens === 0 && spent.rehearsal_tokens > 0
  const f = facts(review)
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-3">
      <Fact name="Tasks passing" amber={f.passing < f.total}>
        {f.passing} of {f.total}
      </Fact>
      <Fact name="Verification" amber={f.failing > 0 || f.unverified > 0}>
        {f.failing > 0
          ? `${f.failing} failed`
          : f.verified > 0
            ? `${f.verified} of ${f.total} passed`
            : 'nothing ran'}
        {f.lastVerified && <Small>last {fmtDateTime(f.lastVerified)}</Small>}
      </Fact>
      <Fact name="Changes">
        {review.diff ? (
          <>
            <span className="text-done">+{review.diff.insertions}</span>{' '}
            <span className="text-failed">−{review.diff.deletions}</span>
            <Small>
              in {review.diff.files} {review.diff.files === 1 ? 'file' : 'files'}
            </Small>
          </>
        ) : (
          'no diff'
        )}
      </Fact>
      <Fact name="Tokens">
        {spent ? fmtCompact(rehearsed ? spent.rehearsal_tokens : spent.tokens) : usage.isPending ? '…' : '0'}
        {rehearsed && <Small>rehearsed, nothing was spent</Small>}
        {spent && spent.cost_nusd > 0 && <Small>{fmtCost(spent.cost_nusd)}</Small>}
      </Fact>
      <Fact name="Time">{f.tookMs === undefined ? 'not started' : fmtDuration(f.tookMs)}</Fact>
      <Fact name="Trouble on the way" amber={f.failures + f.skips > 0}>
        {f.failures + f.skips === 0 ? 'none' : trouble(f.failures, f.skips)}
      </Fact>
    </dl>
  )
}

const trouble = (failures: number, skips: number) =>
  [
    failures > 0 && `${failures} failed ${failures === 1 ? 'try' : 'tries'}`,
    skips > 0 && `${skips} ${skips === 1 ? 'skip' : 'skips'}`,
  ]
    .filter(Boolean)
    .join(', ')

function Fact({ name, amber, children }: { name: string; amber?: boolean; children: ReactNode }) {
  return (
    <div className="bg-raised px-3 py-2">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className={cx('text-base font-medium tabular-nums', amber && 'text-approval')}>{children}</dd>
    </div>
  )
}

const Small = ({ children }: { children: ReactNode }) => (
  <span className="ml-1.5 text-xs font-normal text-muted">{children}</span>
)
