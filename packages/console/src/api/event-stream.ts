/** A message of an event stream. */
export interface Message {
  readonly event: string
  readonly data: string
}

/** The messages of an event stream (WHATWG HTML, 9.2.6). A comment, by which the server says that it is there, is a message without data. */
export async function* messagesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of chunksOf(stream)) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
    rest = parts.pop()!
    for (const part of parts) yield message(part)
  }
}

function message(text: string): Message {
  let event = 'message'
  const data: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('event:')) event = fieldOf(line)
    if (line.startsWith('data:')) data.push(fieldOf(line))
  }
  return { event, data: data.join('\n') }
}

function fieldOf(line: string): string {
  return line.slice(line.indexOf(':') + 1).replace(/^ /, '')
}

/** Not every browser can iterate a stream. Whoever stops listening ends it. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    // The stream may have failed, which is what is being told already.
    reader.cancel().catch(() => {})
  }
}
