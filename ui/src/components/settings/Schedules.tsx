import { useQuery } from '@tanstack/react-query'
import { CalendarClock, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Menu } from '@/components/ui/Menu'
import { Failed } from '@/components/ui/states'
import { failed, said } from '@/components/ui/Toast'
import * as q from '@/lib/api/queries/settings'
import { Panel } from './Panel'
import { ScheduleDialog } from './ScheduleDialog'
import { daysText, windowText } from './schedule'

/** The windows of the week in which new tasks are handed out; none: always. */
export function Schedules({ project }: { project: string }) {
  const { data, error } = useQuery(q.schedules(project))
  const edit = q.useEditSchedule(project)
  const remove = q.useDeleteSchedule(project)
  const [open, setOpen] = useState<{ edit?: q.Schedule } | undefined>()
  const on = data?.filter((s) => s.enabled).length ?? 0
  return (
    <Panel
      title="Schedules"
      text={
        on === 0
          ? 'No schedule is on: tasks are handed out at any time.'
          : 'New tasks are handed out only inside of these windows; work at hand may finish.'
      }
      action={
        <button type="button" className={button.plain} onClick={() => setOpen({})}>
          <Plus size={15} aria-hidden />
          Add schedule
        </button>
      }
    >
      {error && !data ? (
        <Failed error={error} />
      ) : !data ? (
        <div className="skeleton h-14" />
      ) : data.length === 0 ? undefined : (
        <ul className="divide-y divide-line">
          {data.map((s) => (
            <li key={s.id} className="flex items-center gap-3 py-2.5">
              <CalendarClock size={16} aria-hidden className="shrink-0 text-subtle" />
              <div className="min-w-0 flex-1">
                <p className={s.enabled ? 'font-medium' : 'text-muted line-through'}>
                  {daysText(s.days)}, {windowText(s)}
                </p>
                <p className="text-xs text-muted">{s.time_zone}</p>
              </div>
              <label className="flex items-center gap-2 text-muted min-h-6 pointer-coarse:min-h-11">
                <input
                  type="checkbox"
                  className="accent-accent"
                  checked={s.enabled}
                  disabled={edit.isPending}
                  onChange={() =>
                    edit.mutate(
                      { schedule: s, body: { enabled: !s.enabled } },
                      { onError: (e) => failed(e, 'The schedule stays as it was') },
                    )
                  }
                />
                On
                <span className="sr-only">: {daysText(s.days)}</span>
              </label>
              <Menu
                label={`Actions for ${daysText(s.days)}`}
                items={[
                  { label: 'Edit', icon: Pencil, run: () => setOpen({ edit: s }) },
                  {
                    label: 'Delete',
                    icon: Trash2,
                    danger: true,
                    run: () =>
                      remove.mutate(s, {
                        onSuccess: () => said('Schedule deleted.'),
                        onError: (e) => failed(e, 'The schedule was not deleted'),
                      }),
                  },
                ]}
              />
            </li>
          ))}
        </ul>
      )}
      {open && <ScheduleDialog project={project} schedule={open.edit} onClose={() => setOpen(undefined)} />}
    </Panel>
  )
}
