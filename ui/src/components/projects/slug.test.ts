import { expect, test } from 'vitest'
import { slug } from './slug'

test('a title becomes a name that the server takes', () => {
  const titles = ['My Shop', '  Über-Café 2!', 'ショップ', `x${'y'.repeat(80)}`, '-a-']
  expect(titles.map(slug)).toEqual(['my-shop', 'uber-cafe-2', '', `x${'y'.repeat(62)}`, 'a'])
})
