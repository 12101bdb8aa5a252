import type { Schemas } from './client'

export type Event = Schemas['Event']
type Key = readonly unknown[]

/** What an event makes out of date beside the boards, which are patched; a burst reads it again once. */
export type Stale = { key: Key; everyMs: number; exact?: boolean }

/** Stand for the name of the event's project and for the number of its subject. */
const P = Symbol('project')
const ID = Symbol('id')

const rules: { when: RegExp; keys: Key[]; everyMs: number; exact?: boolean }[] = [
  { when: /^plan\./, keys: [['projects', P]], everyMs: 500 },
  {
    when: /^(project|crew|phase|plan)\.|^(feature|task)\.(created|deleted|completed|passed|reopened)$/,
    keys: [['projects']],
    everyMs: 1_000,
    exact: true,
  },
  { when: /^project\./, keys: [['projects', P, 'itself']], everyMs: 0 },
  { when: /^phase\./, keys: [['projects', P, 'phases']], everyMs: 0 },
  { when: /^(feature|task|note)\./, keys: [['projects', P, 'phases']], everyMs: 1_000 },
  { when: /^note\./, keys: [['projects', P, 'notes']], everyMs: 1_000 },
  { when: /^feature\./, keys: [['projects', P, 'features']], everyMs: 0 },
  { when: /^(task|phase)\./, keys: [['projects', P, 'features']], everyMs: 1_000 },
  { when: /^(spec|tasks|proposals)\./, keys: [['projects', P, 'features', ID]], everyMs: 0 },
  { when: /^spec\.(requested|stopped|started|ended)$/, keys: [['projects', P, 'features']], everyMs: 500 },
  {
    when: /^(agent|crew)\.|^task\.(claimed|passed|failed|released|lapsed)$|^spec\.(started|ended|stopped)$/,
    keys: [
      ['projects', P, 'agents'],
      ['projects', P, 'runs'],
    ],
    everyMs: 500,
  },
  { when: /^schedule\./, keys: [['projects', P, 'schedules']], everyMs: 0 },
  { when: /^webhook\./, keys: [['webhooks']], everyMs: 0 },
  { when: /^token\./, keys: [['tokens']], everyMs: 0 },
  { when: /^(usage\.settings|budget\..*)$/, keys: [['usage']], everyMs: 0 },
  { when: /^usage\.|^task\.(passed|failed|released)$/, keys: [['usage']], everyMs: 5_000 },
  {
    when: /^(usage|budget)\.|^task\.(passed|failed|released)$/,
    keys: [['projects', P, 'forecast']],
    everyMs: 30_000,
  },
  {
    when: /^task\.(passed|failed|released)$/,
    keys: [['projects', P, 'usage']],
    everyMs: 5_000,
  },
  {
    when: /^(project|phase|feature|plan|spec|proposals|usage|budget)\.|^task\.(needs_input|answered|blocked|skipped|reopened|released|updated|deleted)$|^tasks\./,
    keys: [['inbox']],
    everyMs: 300,
  },
  { when: /./, keys: [['projects', P, 'events']], everyMs: 2_000 },
]

/** The lists and figures that an event of `project` makes out of date; of a project not known here, only what is common. */
export function staleBy({ kind, subject }: Event, project: string | undefined): Stale[] {
  const id = Number(subject.split(':')[1])
  return rules
    .filter(({ when }) => when.test(kind))
    .flatMap(({ keys, everyMs, exact = false }) =>
      keys
        .filter((key) => project !== undefined || !key.includes(P))
        .map((key) => ({
          key: key.map((part) => (part === P ? project : part === ID ? id : part)),
          everyMs,
          exact,
        })),
    )
}
