// @vitest-environment happy-dom
import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import Markdown from './Markdown'

test.each([
  ['# A\n## B\n### C', ['H3', 'H4', 'H5']],
  ['## A\n## B\n# C', ['H3', 'H3', 'H3']],
  ['# A\n\n#### B\n\n###### C', ['H3', 'H4', 'H5']],
  ['> ## A', ['H3']],
  ['```\n# no heading\n```\n## A', ['H3']],
])('headings of %j stand below those of the page', (text, levels) => {
  const { container } = render(<Markdown>{text}</Markdown>)
  expect([...container.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((one) => one.tagName)).toEqual(levels)
})
