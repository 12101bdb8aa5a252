import { Download } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { type Cell, download, toCsv } from '@/lib/csv'
import { cx, fmtInt } from '@/lib/format'

type Props = {
  title: string
  /** What stands at the right of the title. */
  aside?: ReactNode
  columns: string[]
  /** The numbers of the picture; the first cell names the row. */
  rows: Cell[][]
  /** The file's name, without `.csv`. */
  file: string
  children: ReactNode
}

/** A chart with its twin: the same numbers as a table, and as a file. */
export function ChartFrame({ title, aside, columns, rows, file, children }: Props) {
  const id = useId()
  return (
    <figure aria-labelledby={id}>
      <figcaption className="flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {aside}
      </figcaption>
      {children}
      <div className="mt-2 flex items-start gap-4 text-xs text-muted">
        <details className="min-w-0 flex-1">
          <summary className="cursor-pointer py-1">Show as a table</summary>
          <NumberTable columns={columns} rows={rows} label={title} />
        </details>
        <CsvButton columns={columns} rows={rows} file={file} />
      </div>
    </figure>
  )
}

export function CsvButton({ columns, rows, file }: Pick<Props, 'columns' | 'rows' | 'file'>) {
  return (
    <button
      type="button"
      className="inline-flex items-center gap-1 rounded-md px-1.5 py-1 text-xs text-muted hover:bg-hover hover:text-fg"
      onClick={() => download(`${file}.csv`, toCsv(columns, rows), 'text/csv')}
    >
      <Download size={13} aria-hidden />
      CSV
      <span className="sr-only"> file of this table</span>
    </button>
  )
}

type TableProps = { columns: string[]; rows: Cell[][]; label: string }

export function NumberTable({ columns, rows, label }: TableProps) {
  return (
    <section aria-label={`${label}, as a table`} tabIndex={0} className="mt-1 max-h-80 overflow-auto">
      <table className="w-full tabular-nums">
        <thead className="sticky top-0 bg-surface">
          <tr>
            {columns.map((column, i) => (
              <th
                key={column}
                scope="col"
                className={cx('py-1 font-medium', i === 0 ? 'text-left' : 'pl-4 text-right')}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells], r) => (
            <tr key={r} className="border-t border-line">
              <th scope="row" className="max-w-64 truncate py-1 text-left font-normal" title={String(name)}>
                {name}
              </th>
              {cells.map((cell, i) => (
                <td key={i} className="py-1 pl-4 text-right">
                  {typeof cell === 'number' ? fmtInt(cell) : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
