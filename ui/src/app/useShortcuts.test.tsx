// @vitest-environment happy-dom
import { cleanup, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { setShortcutsOn, useShortcuts } from './useShortcuts'

const keys = { c: vi.fn(), '?': vi.fn(), 'mod+k': vi.fn(), 'mod+z': vi.fn(), 'g p': vi.fn(), 'g u': vi.fn() }
const ran = () => Object.entries(keys).flatMap(([key, run]) => (run.mock.calls.length > 0 ? [key] : []))

beforeEach(() => {
  for (const run of Object.values(keys)) run.mockReset()
  localStorage.clear()
  document.body.replaceChildren()
  renderHook(() => useShortcuts(keys))
})
afterEach(cleanup)

const press = (key: string, more: KeyboardEventInit = {}, target: EventTarget = document.body) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))

test('keys run what they stand for', () => {
  const cases: [[string, KeyboardEventInit?][], string[]][] = [
    [[['c']], ['c']],
    [[['?', { shiftKey: true }]], ['?']],
    [[['K', { metaKey: true }]], ['mod+k']],
    [[['k', { ctrlKey: true }]], ['mod+k']],
    [[['g'], ['u']], ['g u']],
    [[['x'], ['p']], []],
    [[['g'], ['x'], ['p']], []],
    [[['c', { altKey: true }]], []],
    [[['c', { isComposing: true }]], []],
  ]
  for (const [pressed, expected] of cases) {
    for (const [key, more] of pressed) press(key, more)
    expect(ran()).toEqual(expected)
    for (const run of Object.values(keys)) run.mockReset()
  }
})

test('while typing only the palette is heard', () => {
  const field = document.body.appendChild(document.createElement('textarea'))
  press('c', {}, field)
  press('z', { ctrlKey: true }, field)
  expect(ran()).toEqual([])
  press('k', { ctrlKey: true }, field)
  expect(ran()).toEqual(['mod+k'])
})

test('single keys are silent in a dialog and when they are switched off', () => {
  const dialog = document.body.appendChild(document.createElement('div'))
  dialog.setAttribute('role', 'dialog')
  press('c')
  dialog.remove()
  setShortcutsOn(false)
  press('c')
  expect(ran()).toEqual([])
  setShortcutsOn(true)
  press('c')
  expect(ran()).toEqual(['c'])
})
