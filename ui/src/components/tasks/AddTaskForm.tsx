import { ChevronDown, ChevronUp, Plus } from 'lucide-react'
import { type RefObject, useId, useState } from 'react'
import { button } from '@/components/ui/button'
import { failed } from '@/components/ui/Toast'
import { useCreateTask } from '@/lib/api/queries/tasks'

type Props = {
  project: string
  feature: number
  categories: string[]
  field: RefObject<HTMLInputElement | null>
}

const small = 'h-8 w-full rounded-md border border-line-strong bg-surface px-2 pointer-coarse:h-11'

/** Quick add: Enter adds and keeps the field, so ten tasks are ten lines. */
export function AddTaskForm({ project, feature, categories, field }: Props) {
  const [name, setName] = useState('')
  const [open, setOpen] = useState(false)
  const [category, setCategory] = useState('functional')
  const [complexity, setComplexity] = useState(3)
  const [steps, setSteps] = useState('')
  const create = useCreateTask(project)
  const id = useId()
  const add = () => {
    const title = name.trim()
    if (!title) return
    setName('')
    setSteps('')
    create.mutate(
      {
        name: title,
        feature_id: feature,
        category: category.trim() || 'functional',
        estimated_complexity: complexity,
        priority: 500,
        steps: steps.split('\n').flatMap((line) => line.trim() || []),
      },
      {
        onError: (error) => {
          setName((now) => now || title) // nothing typed is lost
          failed(error, 'The task was not added')
        },
      },
    )
  }
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        add()
      }}
      className="space-y-2"
    >
      <div className="flex gap-1">
        <input
          ref={field}
          aria-label="New task"
          placeholder="Add a task"
          value={name}
          maxLength={255}
          onChange={(e) => setName(e.target.value)}
          onKeyDown={(e) => {
            if (e.key === 'Enter' && e.nativeEvent.isComposing) e.preventDefault()
          }}
          className={small}
        />
        <button
          type="button"
          aria-expanded={open}
          aria-label="More fields"
          className={`${button.ghost} px-1.5`}
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronUp size={15} aria-hidden /> : <ChevronDown size={15} aria-hidden />}
        </button>
      </div>
      {open && (
        <div className="space-y-2 rounded-lg border border-line bg-surface p-2">
          <div className="flex gap-2">
            <label className="min-w-0 flex-1 text-xs text-muted">
              Category
              <input
                list={`${id}-categories`}
                value={category}
                onChange={(e) => setCategory(e.target.value)}
                className={`${small} mt-0.5 text-sm text-fg`}
              />
              <datalist id={`${id}-categories`}>
                {categories.map((c) => (
                  <option key={c} value={c} />
                ))}
              </datalist>
            </label>
            <label className="w-24 text-xs text-muted">
              Complexity
              <select
                value={complexity}
                onChange={(e) => setComplexity(Number(e.target.value))}
                className={`${small} mt-0.5 text-sm text-fg`}
              >
                {[1, 2, 3, 4, 5].map((n) => (
                  <option key={n} value={n}>
                    {n} of 5
                  </option>
                ))}
              </select>
            </label>
          </div>
          <label className="block text-xs text-muted">
            Steps, one a line
            <textarea
              rows={3}
              value={steps}
              onChange={(e) => setSteps(e.target.value)}
              className="mt-0.5 w-full rounded-md border border-line-strong bg-surface p-2 text-sm text-fg"
            />
          </label>
          <button type="submit" className={`${button.primary} w-full`} disabled={!name.trim()}>
            <Plus size={15} aria-hidden />
            Add task
          </button>
        </div>
      )}
    </form>
  )
}
