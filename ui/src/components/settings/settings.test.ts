import { expect, test } from 'vitest'
import { daysText, weekdays, windowText } from './schedule'
import { workDraft, workOf } from './work'

test.each([
  [weekdays, 'Every day'],
  [weekdays.slice(0, 5), 'Mon–Fri'],
  [['sunday', 'saturday'], 'Sat, Sun'],
  [['monday', 'wednesday', 'thursday', 'friday'], 'Mon, Wed–Fri'],
] as const)('%j is %s', (days, text) => expect(daysText([...days])).toBe(text))

test('windows over midnight say so', () => {
  expect(windowText({ starts: '22:00', ends: '06:00' })).toBe('22:00 to 06:00 (next day)')
  expect(windowText({ starts: '09:00', ends: '17:00' })).toBe('09:00 to 17:00')
  expect(windowText({ starts: '09:00', ends: '09:00' })).toBe('a whole day from 09:00')
})

test('the form of the settings gives back what it was made of', () => {
  const settings = {
    verify: ['npm test', 'npm run lint'],
    verify_timeout_s: 600,
    max_failures: 3,
    writers_per_feature: 1,
    regression_percent: 10,
    max_agents: 64,
    stagger_s: 0,
    isolation: 'auto' as const,
  }
  expect(workOf(workDraft(settings))).toEqual(settings)
  expect(workOf({ ...workDraft(settings), verify: ' a \n\n b' }).verify).toEqual(['a', 'b'])
})
