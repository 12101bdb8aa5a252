import { useQuery } from '@tanstack/react-query'
import { RotateCcw, Upload } from 'lucide-react'
import { useRef, useState } from 'react'
import { button } from '@/components/ui/button'
import { Confirm } from '@/components/ui/Confirm'
import { Failed } from '@/components/ui/states'
import { failed, said } from '@/components/ui/Toast'
import type { Schemas } from '@/lib/api/client'
import * as q from '@/lib/api/queries/usage'
import { CsvButton, NumberTable } from './ChartFrame'

const columns = ['Model', 'Input', 'Output', 'Cache read', 'Cache written (5 min)', 'Cache written (1 h)']

/** The price table in force, in USD per million tokens; a file replaces it as a whole. */
export function Prices() {
  const prices = useQuery(q.prices())
  const replace = q.useReplacePrices()
  const file = useRef<HTMLInputElement>(null)
  const [back, setBack] = useState(false)
  const send = (body: Schemas['ReplacePrices']) =>
    replace.mutate(body, {
      onSuccess: ({ version }) => {
        said(`Prices of version ${version} are in force. Costs that stand already stay.`)
        setBack(false)
      },
      onError: (e) => failed(e, 'The prices were not changed'),
    })
  const load = async (chosen: File | undefined) => {
    if (!chosen) return
    try {
      const { version, models } = JSON.parse(await chosen.text()) as Schemas['ReplacePrices']
      send({ ...(version !== undefined && { version }), ...(models !== undefined && { models }) })
    } catch {
      failed(new Error('It is not JSON.'), 'The prices were not changed')
    }
  }
  const rows = Object.entries(prices.data?.models ?? {}).map(([model, p]) => [
    model,
    p.input,
    p.output,
    p.cache_read,
    p.cache_write_5m,
    p.cache_write_1h,
  ])
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="mr-auto font-semibold">Prices</h2>
        {prices.data?.source === 'file' && (
          <button type="button" className={button.ghost} onClick={() => setBack(true)}>
            <RotateCcw size={15} aria-hidden />
            Back to the built-in ones
          </button>
        )}
        <button
          type="button"
          className={button.plain}
          disabled={replace.isPending}
          onClick={() => file.current?.click()}
        >
          <Upload size={15} aria-hidden />
          Load a price file
        </button>
        <input
          ref={file}
          type="file"
          accept="application/json,.json"
          aria-label="Price file"
          className="hidden"
          onChange={(e) => {
            void load(e.target.files?.[0])
            e.target.value = ''
          }}
        />
      </div>
      {prices.error && !prices.data ? (
        <div className="mt-3">
          <Failed error={prices.error} />
        </div>
      ) : !prices.data ? (
        <div className="mt-3 skeleton h-24" />
      ) : (
        <>
          <p className="mt-1 text-muted">
            USD per million tokens. Version {prices.data.version},{' '}
            {prices.data.source === 'built_in' ? 'built in' : 'from a file'}. Costs are calculated when usage
            is recorded.
          </p>
          <details className="mt-1">
            <summary className="cursor-pointer py-1 text-muted">{rows.length} models</summary>
            <NumberTable columns={columns} rows={rows} label="Prices" />
            <CsvButton columns={columns} rows={rows} file={`prices-${prices.data.version}`} />
          </details>
        </>
      )}
      {back && (
        <Confirm
          title="Go back to the built-in prices?"
          action="Use built-in prices"
          busy={replace.isPending}
          onClose={() => setBack(false)}
          onConfirm={() => send({ built_in: true })}
        >
          New usage is priced by them; costs that stand already stay.
        </Confirm>
      )}
    </>
  )
}
