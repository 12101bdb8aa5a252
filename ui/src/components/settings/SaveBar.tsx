import { button } from '@/components/ui/button'

/** Save and Discard under a form; both sleep while nothing has changed. */
export function SaveBar(p: { changed: boolean; busy: boolean; valid?: boolean; onDiscard: () => void }) {
  return (
    <div className="mt-4 flex justify-end gap-2">
      <button type="button" className={button.ghost} disabled={!p.changed} onClick={p.onDiscard}>
        Discard
      </button>
      <button type="submit" className={button.primary} disabled={!p.changed || p.busy || p.valid === false}>
        Save
      </button>
    </div>
  )
}
