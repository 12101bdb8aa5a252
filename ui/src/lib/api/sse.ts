/** One message of a stream of server-sent events. */
export type Message = { id: string; event: string; data: string }

/** Cuts a stream of text into messages, whatever the parts it comes in. Comments only move `id` on. */
export function reader(onMessage: (message: Message) => void) {
  let rest = ''
  let message: Message = { id: '', event: '', data: '' }
  const line = (text: string) => {
    if (text === '') {
      if (message.data || message.event) onMessage(message)
      message = { id: message.id, event: '', data: '' }
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '')
    if (field === 'id') message.id = value
    else if (field === 'event') message.event = value
    else if (field === 'data') message.data += (message.data && '\n') + value
  }
  return {
    push(text: string) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const one of lines) line(one.replace(/\r$/, ''))
    },
    /** The last id that was seen, also that of a ping. */
    lastId: () => message.id,
  }
}
