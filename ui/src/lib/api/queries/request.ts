/** Reads a list to its end; each part says where it goes on. */
export async function allPages<T>(
  part: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor?: string | null }>,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page = await part(cursor)
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  return items
}

/** Refused with 412 when somebody else changed it since this version was seen. */
export const ifMatch = (seen: { version: number }) => ({ 'If-Match': `"${seen.version}"` })
