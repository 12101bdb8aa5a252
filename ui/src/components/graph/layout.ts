import { groupBy } from '@/lib/group'

export type Box = { id: number; weight: number }
export type Link = { from: number; to: number }
export type Placed = { id: number; layer: number; x: number; y: number }
export type Path = { from: number; to: number; critical: boolean; points: { x: number; y: number }[] }
export type Layout = {
  boxes: Placed[]
  paths: Path[]
  critical: Set<number>
  width: number
  height: number
}

export const BOX = { width: 208, height: 52, gapX: 56, gapY: 16 }

/** Each task stands right of everything it waits for: its layer is the longest way from a task that waits for none. */
export function layers(boxes: readonly Box[], links: readonly Link[]): Map<number, number> {
  const layer = new Map(boxes.map((b) => [b.id, 0]))
  const open = new Map(boxes.map((b) => [b.id, 0]))
  const next = groupBy(
    links.filter((l) => layer.has(l.from) && layer.has(l.to)),
    (l) => l.from,
  )
  for (const out of next.values()) for (const { to } of out) open.set(to, (open.get(to) ?? 0) + 1)
  const ready = boxes.filter((b) => open.get(b.id) === 0).map((b) => b.id)
  for (let id = ready.shift(); id !== undefined; id = ready.shift())
    for (const { to } of next.get(id) ?? []) {
      layer.set(to, Math.max(layer.get(to) ?? 0, (layer.get(id) ?? 0) + 1))
      const left = (open.get(to) ?? 1) - 1
      open.set(to, left)
      if (left === 0) ready.push(to)
    }
  return layer
}

/** The chain with the most work left in it; finished work weighs nothing. Empty when nothing waits for anything. */
export function criticalPath(boxes: readonly Box[], links: readonly Link[]): number[] {
  const layer = layers(boxes, links)
  const weight = new Map(boxes.map((b) => [b.id, b.weight]))
  const into = groupBy(links, (l) => l.to)
  const best = new Map<number, { work: number; length: number; from?: number }>()
  const order = [...boxes].sort((a, b) => (layer.get(a.id) ?? 0) - (layer.get(b.id) ?? 0) || a.id - b.id)
  for (const { id } of order) {
    let before: { work: number; length: number; from?: number } = { work: 0, length: 0 }
    for (const { from } of into.get(id) ?? []) {
      const way = best.get(from)
      if (way && (way.work > before.work || (way.work === before.work && way.length > before.length)))
        before = { ...way, from }
    }
    const own = weight.get(id) ?? 0
    best.set(id, { work: before.work + own, length: before.length + (own > 0 ? 1 : 0), from: before.from })
  }
  let end: number | undefined
  for (const [id, way] of best) {
    const top = end === undefined ? undefined : best.get(end)
    if (!top || way.work > top.work || (way.work === top.work && way.length > top.length)) end = id
  }
  const chain: number[] = []
  for (let id = end; id !== undefined; id = best.get(id)?.from) chain.unshift(id)
  const open = chain.slice(chain.findIndex((id) => (weight.get(id) ?? 0) > 0))
  return open.length > 1 ? open : []
}

type Cell = { key: string; id?: number; layer: number }

/** Left to right in layers; long links bend around the boxes between; crossings are few, not fewest. */
export function layout(boxes: readonly Box[], links: readonly Link[]): Layout {
  const layer = layers(boxes, links)
  const known = links.filter((l) => layer.has(l.from) && layer.has(l.to))
  const cells: Cell[] = boxes.map((b) => ({ key: `${b.id}`, id: b.id, layer: layer.get(b.id) ?? 0 }))
  const hops: [string, string][] = []
  const bends = known.map(({ from, to }) => {
    const keys = [`${from}`]
    for (let l = (layer.get(from) ?? 0) + 1; l < (layer.get(to) ?? 0); l++) {
      const key = `${from}>${to}@${l}`
      cells.push({ key, layer: l })
      keys.push(key)
    }
    keys.push(`${to}`)
    for (let i = 1; i < keys.length; i++) hops.push([keys[i - 1] ?? '', keys[i] ?? ''])
    return keys
  })
  const rows = ordered(cells, hops)
  const tallest = Math.max(...rows.map(heightOf), 0)
  const at = new Map<string, { x: number; y: number }>()
  rows.forEach((row, l) => {
    let y = (tallest - heightOf(row)) / 2
    for (const cell of row) {
      const height = cell.id === undefined ? BOX.gapY : BOX.height
      at.set(cell.key, { x: l * (BOX.width + BOX.gapX), y: y + height / 2 })
      y += height + BOX.gapY
    }
  })
  const chain = criticalPath(boxes, known)
  const critical = new Set(chain)
  const steps = new Set(chain.map((id, i) => `${chain[i - 1]}>${id}`))
  return {
    boxes: cells.flatMap(({ key, id, layer: l }) => {
      const p = at.get(key)
      return id === undefined || !p ? [] : [{ id, layer: l, x: p.x, y: p.y - BOX.height / 2 }]
    }),
    paths: known.map(({ from, to }, i) => ({
      from,
      to,
      critical: steps.has(`${from}>${to}`),
      points: pointsOf(bends[i] ?? [], at),
    })),
    critical,
    width: Math.max(rows.length * (BOX.width + BOX.gapX) - BOX.gapX, 0),
    height: tallest,
  }
}

const heightOf = (row: readonly Cell[]) =>
  row.reduce((sum, cell) => sum + (cell.id === undefined ? BOX.gapY : BOX.height) + BOX.gapY, -BOX.gapY)

/** Starts at the right edge of the first box and ends at the left edge of the last. */
function pointsOf(keys: readonly string[], at: ReadonlyMap<string, { x: number; y: number }>) {
  return keys.flatMap((key, i) => {
    const p = at.get(key)
    if (!p) return []
    if (i === 0) return [{ x: p.x + BOX.width, y: p.y }]
    if (i === keys.length - 1) return [p]
    return [p, { x: p.x + BOX.width, y: p.y }]
  })
}

/** Rows of cells by layer; a few sweeps put each cell near the middle of its neighbours. */
function ordered(cells: readonly Cell[], hops: readonly [string, string][]): Cell[][] {
  const count = cells.reduce((most, c) => Math.max(most, c.layer + 1), 0)
  const rows: Cell[][] = Array.from({ length: count }, () => [])
  for (const cell of cells) rows[cell.layer]?.push(cell)
  const before = groupBy(hops, ([, to]) => to)
  const after = groupBy(hops, ([from]) => from)
  const place = new Map<string, number>()
  const number = (row: readonly Cell[]) => {
    for (const [i, cell] of row.entries()) place.set(cell.key, i)
  }
  for (const row of rows) number(row)
  const sweep = (row: Cell[], near: (cell: Cell) => string[]) => {
    const middle = new Map(
      row.map((cell, i) => {
        const places = near(cell).map((key) => place.get(key) ?? 0)
        return [cell.key, places.length ? places.reduce((a, b) => a + b, 0) / places.length : i]
      }),
    )
    row.sort((a, b) => (middle.get(a.key) ?? 0) - (middle.get(b.key) ?? 0))
    number(row)
  }
  for (let round = 0; round < 4; round++) {
    for (const row of rows) sweep(row, (cell) => (before.get(cell.key) ?? []).map(([from]) => from))
    for (const row of rows.toReversed()) sweep(row, (cell) => (after.get(cell.key) ?? []).map(([, to]) => to))
  }
  return rows
}

/** A smooth line through the points, level at each. */
export function curve(points: readonly { x: number; y: number }[]): string {
  return points
    .map(({ x, y }, i) => {
      const last = points[i - 1]
      if (!last) return `M${x},${y}`
      const bend = (x - last.x) / 2
      return last.y === y ? `L${x},${y}` : `C${last.x + bend},${last.y} ${x - bend},${y} ${x},${y}`
    })
    .join('')
}
