import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { input, Labelled } from '@/components/ui/Labelled'
import { failed, said } from '@/components/ui/Toast'
import { fieldErrors } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/settings'
import { dayName, weekdays } from './schedule'

type Props = { project: string; schedule: q.Schedule | undefined; onClose: () => void }

/** Makes a window of the week, or changes one. */
export function ScheduleDialog({ project, schedule, onClose }: Props) {
  const [days, setDays] = useState(schedule?.days ?? weekdays.slice(0, 5))
  const [starts, setStarts] = useState(schedule?.starts.slice(0, 5) ?? '22:00')
  const [ends, setEnds] = useState(schedule?.ends.slice(0, 5) ?? '06:00')
  const [zone, setZone] = useState(schedule?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
  const create = q.useCreateSchedule(project)
  const edit = q.useEditSchedule(project)
  const errors = fieldErrors(create.error ?? edit.error)
  const busy = create.isPending || edit.isPending
  const send = () => {
    if (days.length === 0 || !starts || !ends || busy) return
    const body = { days, starts, ends, time_zone: zone.trim() }
    const told = {
      onSuccess: () => {
        said(schedule ? 'Schedule changed.' : 'Schedule added. It holds at once.')
        onClose()
      },
      onError: (e: Error) => fieldErrors(e).size === 0 && failed(e, 'The schedule was not saved'),
    }
    if (schedule) edit.mutate({ schedule, body }, told)
    else create.mutate(body, told)
  }
  return (
    <Dialog title={schedule ? 'Edit the schedule' : 'Add a schedule'} onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={(e) => {
          e.preventDefault()
          send()
        }}
      >
        <fieldset>
          <legend className="font-medium">Begins on</legend>
          <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
            {weekdays.map((day) => (
              <label key={day} className="flex items-center gap-1.5 min-h-6 pointer-coarse:min-h-11">
                <input
                  type="checkbox"
                  className="accent-accent"
                  checked={days.includes(day)}
                  onChange={() =>
                    setDays(
                      days.includes(day)
                        ? days.filter((d) => d !== day)
                        : weekdays.filter((d) => d === day || days.includes(d)),
                    )
                  }
                />
                {dayName(day)}
              </label>
            ))}
          </div>
          {errors.has('days') && (
            <p role="alert" className="mt-1 text-xs text-failed">
              {errors.get('days')}
            </p>
          )}
        </fieldset>
        <div className="grid gap-4 sm:grid-cols-2">
          <Labelled label="From" error={errors.get('starts')}>
            {(aria) => (
              <input
                {...aria}
                type="time"
                className={input}
                value={starts}
                onChange={(e) => setStarts(e.target.value)}
              />
            )}
          </Labelled>
          <Labelled
            label="To"
            hint={
              starts === ends ? 'The same time: a whole day.' : ends < starts ? 'On the next day.' : undefined
            }
            error={errors.get('ends')}
          >
            {(aria) => (
              <input
                {...aria}
                type="time"
                className={input}
                value={ends}
                onChange={(e) => setEnds(e.target.value)}
              />
            )}
          </Labelled>
        </div>
        <Labelled label="Time zone" error={errors.get('time_zone')}>
          {(aria) => (
            <input
              {...aria}
              className={input}
              list="zones"
              value={zone}
              onChange={(e) => setZone(e.target.value)}
            />
          )}
        </Labelled>
        <datalist id="zones">
          {Intl.supportedValuesOf('timeZone').map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <div className="flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={days.length === 0 || busy}>
            {schedule ? 'Save schedule' : 'Add schedule'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
