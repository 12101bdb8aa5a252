const isMac = /Mac|iP(hone|ad)/.test(navigator.platform)

/** 'mod+k' as the person's keyboard says it; 'g p' is one key after another. */
export const keyText = (keys: string) =>
  keys
    .replace(/mod\+/gi, isMac ? '⌘ ' : 'Ctrl ')
    .replace(/\bMod\b/g, isMac ? '⌘' : 'Ctrl')
    .replace(/ ([a-z])$/, (_, key: string) => (keys.startsWith('mod+') ? ` ${key.toUpperCase()}` : ` ${key}`))

/** The keys of a command. */
export const Kbd = ({ keys }: { keys: string }) => (
  <kbd className="font-sans text-2xs whitespace-nowrap text-subtle">{keyText(keys)}</kbd>
)
