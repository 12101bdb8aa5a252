/** What of an address is believed: anything else is as if it were not there. */
type Found<Name extends string, Value> = { [N in Name]?: Value | undefined }

const found = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  ({ [name]: value }) as Found<Name, Value>

/** A word of the search, when it is one of these. */
export const among = <Name extends string, const Value>(
  name: Name,
  value: unknown,
  known: readonly Value[],
) => found(name, known.includes(value as Value) ? (value as Value) : undefined)

/** A positive whole number. */
export const integer = <Name extends string>(name: Name, value: unknown) =>
  found(name, Number.isSafeInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined)

/** Some text; a number in the address is one too. */
export const text = <Name extends string>(name: Name, value: unknown) =>
  found(
    name,
    (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined,
  )
