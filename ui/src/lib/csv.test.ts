import { expect, test } from 'vitest'
import { toCsv } from './csv'

test('quotes, commas and lines are kept, formulas are not run', () => {
  expect(
    toCsv(
      ['name', 'n'],
      [
        ['a "b", c', 1],
        ['=1+1', -2],
        ['x\ny', 0],
      ],
    ),
  ).toBe('name,n\r\n"a ""b"", c",1\r\n\'=1+1,-2\r\n"x\ny",0\r\n')
})
