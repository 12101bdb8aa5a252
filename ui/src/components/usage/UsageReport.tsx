import { useQuery } from '@tanstack/react-query'
import { Printer } from 'lucide-react'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import * as q from '@/lib/api/queries/usage'
import { CsvButton, NumberTable } from './ChartFrame'
import { groupNames, historyColumns, historyRow } from './history'
import { Part } from './Part'
import { Segments } from './Segments'

const groups = Object.keys(groupNames) as q.Group[]

/** Every figure of the range, by whatever a person asks for. */
export function UsageReport({ range }: { range: { days: number; project: string | undefined } }) {
  const [group, setGroup] = useState<q.Group>('project')
  const history = useQuery(q.usageHistory({ ...range, group_by: group }))
  const name = `usage-by-${group}`
  return (
    <Part query={history} height={360} label="Detailed report">
      {({ items, from, until }) => {
        const rows = items.map((i) => historyRow(group, i))
        return (
          <>
            <div className="flex flex-wrap items-center gap-2">
              <h2 className="mr-auto font-semibold">
                Detailed Report{' '}
                <span className="font-normal text-muted">
                  {from} to {until}
                </span>
              </h2>
              <CsvButton columns={historyColumns(group)} rows={rows} file={`${name}-${from}-${until}`} />
              <button type="button" className={button.ghost} onClick={() => window.print()}>
                <Printer size={15} aria-hidden />
                Print
              </button>
            </div>
            <div className="mt-2">
              <Segments
                label="Grouped by"
                options={groups.map((g) => ({ name: groupNames[g], value: g }))}
                value={group}
                onChange={setGroup}
              />
            </div>
            <div className="mt-3 [&_section]:max-h-none">
              {rows.length === 0 ? (
                <p className="text-muted">Nothing was used in this time.</p>
              ) : (
                <NumberTable columns={historyColumns(group)} rows={rows} label="Detailed report" />
              )}
            </div>
          </>
        )
      }}
    </Part>
  )
}
