/** A name for addresses and commands out of a title: `^[a-z0-9][a-z0-9-]{0,62}$`, or nothing. */
export const slug = (title: string) =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '')
