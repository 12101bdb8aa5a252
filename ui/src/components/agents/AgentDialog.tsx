import { useState } from 'react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { input, Labelled } from '@/components/ui/Labelled'
import { failed, said } from '@/components/ui/Toast'
import { fieldErrors } from '@/lib/api/problems'
import * as q from '@/lib/api/queries/agents'
import { type AgentDraft, agentDraft, bodyOf, ownProgram } from './draft'
import { IsolationField, RunnerFields } from './RunnerFields'
import { roleNames, runnerNames } from './words'

type Props = { project: string; agent?: q.Agent; onClose: () => void }

const runnerHints: Record<q.Agent['runner'], string> = {
  'claude-code': 'Runs `claude -p` with the login of this machine.',
  codex: 'Runs `codex exec` with the login of this machine.',
  gemini: 'Runs `gemini` with the login of this machine.',
  opencode: 'Runs `opencode run` with the login of this machine.',
  command: 'Starts a program of yours. Needs the access admin.',
  rehearsal: 'Built in: plays the plan without a model, spends nothing, writes nothing.',
  external: 'You start it yourself; it asks for tasks over MCP.',
}

/** Adds an agent, or changes one; its name stays. */
export function AgentDialog({ project, agent, onClose }: Props) {
  const [d, setDraft] = useState(() => agentDraft(agent))
  const create = q.useCreateAgent(project)
  const edit = q.useEditAgent(project)
  const errors = fieldErrors(create.error ?? edit.error)
  const busy = create.isPending || edit.isPending
  const set = (part: Partial<AgentDraft>) => setDraft({ ...d, ...part })
  const complete = d.id.trim() !== '' && (!ownProgram(d.runner) || d.command.trim() !== '')
  const send = () => {
    if (!complete || busy) return
    const told = {
      onSuccess: () => {
        said(agent ? `${agent.id} is changed.` : `${d.id.trim()} is added. Start it when you like.`)
        onClose()
      },
      onError: (e: Error) => fieldErrors(e).size === 0 && failed(e, 'The agent was not saved'),
    }
    if (agent) edit.mutate({ id: agent.id, body: bodyOf(d) }, told)
    else create.mutate({ id: d.id.trim(), ...bodyOf(d) }, told)
  }
  return (
    <Dialog title={agent ? `Edit ${agent.id}` : 'Add an agent'} onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={(e) => {
          e.preventDefault()
          send()
        }}
        onKeyDown={(e) => (e.metaKey || e.ctrlKey) && e.key === 'Enter' && send()}
      >
        {!agent && (
          <Labelled label="Name" hint="Such as coder-1." error={errors.get('id')}>
            {(aria) => (
              <input
                {...aria}
                className={input}
                value={d.id}
                autoComplete="off"
                maxLength={100}
                onChange={(e) => set({ id: e.target.value })}
              />
            )}
          </Labelled>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <Labelled label="Role" error={errors.get('role')}>
            {(aria) => (
              <select
                {...aria}
                className={input}
                value={d.role}
                onChange={(e) => set({ role: e.target.value as AgentDraft['role'] })}
              >
                {Object.entries(roleNames).map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
          <Labelled label="Model" hint="Empty: the runner's own choice." error={errors.get('model')}>
            {(aria) => (
              <input
                {...aria}
                className={input}
                value={d.model}
                autoComplete="off"
                onChange={(e) => set({ model: e.target.value })}
              />
            )}
          </Labelled>
        </div>
        <Labelled label="Runner" hint={runnerHints[d.runner]} error={errors.get('runner')}>
          {(aria) => (
            <select
              {...aria}
              className={input}
              value={d.runner}
              onChange={(e) => set({ runner: e.target.value as AgentDraft['runner'] })}
            >
              {Object.entries(runnerNames).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <RunnerFields draft={d} error={errors.get('options')} onChange={set} />
        <IsolationField draft={d} onChange={set} />
        <div className="flex justify-end gap-2">
          <button type="button" className={button.ghost} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={button.primary} disabled={!complete || busy}>
            {agent ? 'Save agent' : 'Add agent'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
