import { useState } from 'react'
import { button } from '@/components/ui/button'
import { input, Labelled } from '@/components/ui/Labelled'
import { failed, said } from '@/components/ui/Toast'
import { fieldErrors } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/usage'
import { draftOf, type LimitDraft, preview, settingsOf, shares } from '@/lib/limitDraft'
import { counted, measureNames } from '@/lib/usage'

type Props = { settings: q.Settings; stats: q.Stats }

const shareNames = {
  warn_at_percentage: ['Warn at', 'A warning shows. It changes nothing else.'],
  moderate_at_percentage: ['Finish first at', 'From here down, first what completes a feature or the phase.'],
  low_at_percentage: ['Small tasks at', 'From here down, only tasks of complexity 1 and 2.'],
  pause_at_percentage: ['Pause at', 'From here down, nothing new. Work at hand may finish.'],
} as const

/** The monthly limit and its thresholds, with what they would mean right now. */
export function LimitForm({ settings, stats }: Props) {
  const saved = draftOf(settings)
  const [draft, setDraft] = useState<LimitDraft>(saved)
  const save = q.useSaveSettings()
  const { settings: next, errors } = settingsOf(draft)
  const problems = new Map([...fieldErrors(save.error), ...errors])
  const changed = Object.entries(draft).some(([key, value]) => saved[key as keyof LimitDraft] !== value)
  const set = (part: Partial<LimitDraft>) => {
    save.reset()
    setDraft({ ...draft, ...part })
  }
  const send = () => {
    if (errors.size > 0 || !changed || save.isPending) return
    save.mutate(next, {
      onSuccess: (now) => {
        setDraft(draftOf(now))
        said('Usage settings saved. They hold at once, for the whole period.')
      },
      onError: (e) => fieldErrors(e).size === 0 && failed(e, 'The settings were not saved'),
    })
  }
  const text = (
    key: 'monthly_limit' | 'rehearsal_limit' | 'reset_day' | 'time_zone' | (typeof shares)[number],
  ) => ({
    value: draft[key],
    onChange: (e: { target: { value: string } }) => set({ [key]: e.target.value }),
    className: input,
    autoComplete: 'off',
  })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
    >
      <h2 className="font-semibold">Monthly limit</h2>
      <div className="mt-3 grid gap-4 sm:grid-cols-2">
        <Labelled
          label="Tokens a month"
          hint="Such as 1,000,000 or 5M. Empty: no limit."
          error={problems.get('monthly_limit')}
        >
          {(aria) => <input {...aria} {...text('monthly_limit')} inputMode="numeric" />}
        </Labelled>
        <Labelled label="What counts" hint="Against the limit and in the forecast.">
          {(aria) => (
            <select
              {...aria}
              className={input}
              value={draft.measure}
              onChange={(e) => set({ measure: e.target.value as LimitDraft['measure'] })}
            >
              {Object.entries(measureNames).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <Labelled
          label="Reset day"
          hint="31 is the last day of a shorter month."
          error={problems.get('reset_day')}
        >
          {(aria) => <input {...aria} {...text('reset_day')} type="number" min={1} max={31} />}
        </Labelled>
        <Labelled
          label="Time zone"
          hint="Of the reset day and of the days in charts."
          error={problems.get('time_zone')}
        >
          {(aria) => <input {...aria} {...text('time_zone')} list="time-zones" />}
        </Labelled>
        <fieldset>
          <legend className="font-medium">Whose usage counts</legend>
          {(
            [
              ['project', 'Each project has the whole limit'],
              ['global', 'All projects share it'],
            ] as const
          ).map(([value, name]) => (
            <label key={value} className="mt-1 flex items-center gap-2 min-h-6 pointer-coarse:min-h-11">
              <input
                type="radio"
                name="track_by"
                className="accent-accent"
                checked={draft.track_by === value}
                onChange={() => set({ track_by: value })}
              />
              {name}
            </label>
          ))}
        </fieldset>
        <Labelled
          label="Rehearsed tokens a month"
          hint="Rehearsals count only here. Empty: no limit."
          error={problems.get('rehearsal_limit')}
        >
          {(aria) => <input {...aria} {...text('rehearsal_limit')} inputMode="numeric" />}
        </Labelled>
      </div>
      <h3 className="mt-5 font-medium">What changes when how much is left</h3>
      <div className="mt-2 grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        {shares.map((key) => (
          <Labelled
            key={key}
            label={`${shareNames[key][0]} (% left)`}
            hint={shareNames[key][1]}
            error={problems.get(key)}
          >
            {(aria) => <input {...aria} {...text(key)} inputMode="decimal" />}
          </Labelled>
        ))}
      </div>
      <label className="mt-4 flex items-center gap-2 min-h-6 pointer-coarse:min-h-11">
        <input
          type="checkbox"
          className="accent-accent"
          checked={draft.auto_resume}
          onChange={(e) => set({ auto_resume: e.target.checked })}
        />
        Go on by itself when a provider's own limit has reset
      </label>
      <section aria-live="polite" aria-label="Effect" className="mt-4 rounded-lg bg-sunken p-3">
        <h3 className="text-xs text-muted">
          {changed ? 'What this would mean right now' : 'What holds right now'}
        </h3>
        <ul className="mt-1 space-y-0.5">
          {effects(stats, next).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
      <div className="mt-4 flex justify-end gap-2">
        <button type="button" className={button.ghost} disabled={!changed} onClick={() => set(saved)}>
          Discard
        </button>
        <button
          type="submit"
          className={button.primary}
          disabled={!changed || errors.size > 0 || save.isPending}
        >
          Save settings
        </button>
      </div>
      <datalist id="time-zones">
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </form>
  )
}

/** For all together or each project, by the measure in the form. */
function effects(stats: q.Stats, next: q.Settings): string[] {
  if (Number.isNaN(next.monthly_limit ?? 0)) return ['Enter the limit as a number.']
  const sum = counted({ ...stats, tokens: stats.total_tokens, unpriced_tokens: 0 }, next.measure)
  if (next.track_by === 'global') return [preview('All projects together', sum, next)]
  // Of a project only input and output are known here; another measure takes its share of the whole.
  const ratio = stats.total_tokens === 0 ? 1 : sum / stats.total_tokens
  const lines = stats.projects
    .slice(0, 6)
    .map((p) => preview(p.project_name, Math.round(p.total_tokens * ratio), next))
  return lines.length > 0 ? lines : ['No project has used anything in this period.']
}
