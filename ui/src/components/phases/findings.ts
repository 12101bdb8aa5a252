/** The list under the heading "Findings" of a reviewer's report; undefined when it found nothing. */
export function findingsOf(report: string): string | undefined {
  const lines = report.split(/\r?\n/)
  const start = lines.findIndex((line) => /^#{1,6}\s+findings\b/i.test(line))
  if (start < 0) return undefined
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => /^#{1,6}\s/.test(line))
  const section = (end < 0 ? rest : rest.slice(0, end)).join('\n').trim()
  return /^([-*]|\d+\.) /m.test(section) ? section : undefined
}
