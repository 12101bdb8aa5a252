import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { TaskState } from '@/components/ui/Status'
import type { Card } from '@/lib/api/board'
import { cx } from '@/lib/format'
import { BOX, curve, type Layout, type Placed } from './layout'
import { useView } from './useView'

type Props = { project: string; tasks: Card[]; picture: Layout; group: (task: Card) => string }

const PAD = 16

/** Boxes are real links over one SVG of lines; only what is near the view exists. Arrows follow the links. */
export function GraphCanvas({ project, tasks, picture, group }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const view = useView(box)
  const byId = useMemo(() => new Map(tasks.map((t) => [t.id, t])), [tasks])
  const [active, setActive] = useState<number>()
  const current = active !== undefined && byId.has(active) ? active : picture.boxes[0]?.id
  const near = (left: number, right: number, top: number, bottom: number) =>
    right + PAD >= view.left &&
    left + PAD <= view.right &&
    bottom + PAD >= view.top &&
    top + PAD <= view.bottom
  const shown = picture.boxes.filter(
    (p) => p.id === current || near(p.x, p.x + BOX.width, p.y, p.y + BOX.height),
  )
  const paths = picture.paths.filter(({ points }) => {
    const ys = points.map((p) => p.y)
    return near(points[0]?.x ?? 0, points.at(-1)?.x ?? 0, Math.min(...ys), Math.max(...ys))
  })
  const go = (id: number) => {
    setActive(id)
    const place = picture.boxes.find((p) => p.id === id)
    box.current?.scrollTo({
      left: (place?.x ?? 0) - view.width / 2 + BOX.width / 2,
      top: (place?.y ?? 0) - view.height / 2,
    })
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-node="${id}"]`)?.focus({ preventScroll: true }),
    )
  }
  const onKeyDown = (e: KeyboardEvent) => {
    const next =
      current === undefined || e.ctrlKey || e.metaKey ? undefined : neighbour(picture, current, e.key)
    if (next === undefined) return
    e.preventDefault()
    go(next)
  }
  return (
    <section
      ref={box}
      aria-label="Dependency graph"
      onKeyDown={onKeyDown}
      className="relative mt-3 min-h-64 flex-1 overflow-auto rounded-xl border border-line bg-surface"
    >
      <div
        className="relative"
        style={{ width: picture.width + 2 * PAD, height: Math.max(picture.height, 0) + 2 * PAD }}
      >
        <svg
          aria-hidden
          className="absolute top-0 left-0"
          width={picture.width + 2 * PAD}
          height={picture.height + 2 * PAD}
        >
          <defs>
            {['line-strong', 'accent'].map((tone) => (
              <marker
                key={tone}
                id={`arrow-${tone}`}
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerUnits="userSpaceOnUse"
                markerWidth="9"
                markerHeight="9"
                orient="auto"
              >
                <path d="M0,0.5L7.5,4L0,7.5z" fill={`var(--c-${tone})`} />
              </marker>
            ))}
          </defs>
          <g transform={`translate(${PAD} ${PAD})`} fill="none">
            {paths.map(({ from, to, critical, points }) => (
              <path
                key={`${from}-${to}`}
                d={curve(points)}
                stroke={critical ? 'var(--c-accent)' : 'var(--c-line-strong)'}
                strokeWidth={critical ? 2.5 : 1.25}
                opacity={critical || from === current || to === current ? 1 : 0.75}
                markerEnd={`url(#arrow-${critical ? 'accent' : 'line-strong'})`}
              />
            ))}
          </g>
        </svg>
        <ul>
          {shown.map((place) => {
            const task = byId.get(place.id)
            return task ? (
              <Node
                key={place.id}
                place={place}
                task={task}
                project={project}
                group={group(task)}
                critical={picture.critical.has(place.id)}
                tabbable={place.id === current}
                onFocus={() => setActive(place.id)}
              />
            ) : null
          })}
        </ul>
      </div>
    </section>
  )
}

type NodeProps = {
  place: Placed
  task: Card
  project: string
  group: string
  critical: boolean
  tabbable: boolean
  onFocus: () => void
}

function Node({ place, task: t, project, group, critical, tabbable, onFocus }: NodeProps) {
  return (
    <li className="absolute" style={{ left: place.x + PAD, top: place.y + PAD }}>
      <Link
        to="/p/$project/features/$feature"
        params={{ project, feature: t.feature_id }}
        search={{ task: t.id }}
        data-node={t.id}
        tabIndex={tabbable ? 0 : -1}
        onFocus={onFocus}
        preload={false}
        title={t.name}
        style={{ width: BOX.width, height: BOX.height }}
        className={cx(
          'flex flex-col justify-center rounded-lg border bg-raised px-2.5 hover:border-line-strong',
          critical ? 'border-accent ring-1 ring-accent' : 'border-line',
        )}
      >
        <span className="flex items-center gap-1.5">
          <TaskState value={t.status} bare />
          <span className="min-w-0 flex-1 truncate">{t.name}</span>
        </span>
        <span className="truncate text-2xs text-muted">
          #{t.id} · {group}
          {critical && ' · critical'}
        </span>
      </Link>
    </li>
  )
}

/** ← and → follow a link, ↑ and ↓ stay in the layer. */
function neighbour({ boxes, paths }: Layout, id: number, key: string): number | undefined {
  const here = boxes.find((b) => b.id === id)
  if (!here) return undefined
  const nearest = (ids: number[]) =>
    boxes
      .filter((b) => ids.includes(b.id))
      .sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y) || a.id - b.id)[0]?.id
  const layer = boxes.filter((b) => b.layer === here.layer).sort((a, b) => a.y - b.y)
  const at = layer.findIndex((b) => b.id === id)
  if (key === 'ArrowLeft') return nearest(paths.filter((p) => p.to === id).map((p) => p.from))
  if (key === 'ArrowRight') return nearest(paths.filter((p) => p.from === id).map((p) => p.to))
  if (key === 'ArrowUp' || key === 'k') return layer[at - 1]?.id
  if (key === 'ArrowDown' || key === 'j') return layer[at + 1]?.id
  if (key === 'Home') return boxes[0]?.id
  return key === 'End' ? boxes.at(-1)?.id : undefined
}
