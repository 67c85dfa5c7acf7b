import { signRequest } from '@steward/protocol/signature.ts'
import type { TestServer } from '@steward/testkit'

interface Hint {
  readonly kind: string
  readonly of?: string
  readonly ids: readonly string[]
}

/** A stream of events, and everything that it said so far. */
export interface OpenStream {
  /** What it was last told that it may see. */
  readonly hello: { readonly kinds: readonly string[] }
  readonly changes: readonly Hint[]
  /** How often it said that anything may have changed. */
  readonly resets: number
  /** Why it ended, if it said so. */
  readonly ended: string | undefined
  kinds(): string[]
  ids(kind: string): string[]
  close(): void
}

/** Resolves with the first message. Rejects with the status if the server refuses. */
export async function openStream(
  server: TestServer,
  input: object = {},
  credentials: { accessKeyId: string; secretAccessKey: string } = server.house.rootKey,
): Promise<OpenStream> {
  const url = new URL(server.url)
  const body = JSON.stringify(input)
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Steward.StreamEvents' }
  const date = server.house.clock.now()
  const { region } = server.house.config
  const request = { method: 'POST', url, headers, body, service: 'steward', region, date }
  const { host: _host, ...signed } = signRequest(request, credentials)
  const closing = new AbortController()
  const response = await fetch(url, { method: 'POST', headers: signed, body, signal: closing.signal })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  const changes: Hint[] = []
  const stream = {
    hello: { kinds: [] as string[] },
    changes,
    resets: 0,
    ended: undefined as string | undefined,
    kinds: () => [...new Set(changes.map(({ kind }) => kind))],
    ids: (kind: string) => changes.filter((change) => change.kind === kind).flatMap(({ ids }) => ids),
    close: () => closing.abort(),
  }
  const began = new Promise<void>((resolve) => {
    const take = (event: string, data: never) => {
      if (event === 'hello') stream.hello = data
      if (event === 'change') changes.push(data)
      if (event === 'reset') stream.resets += 1
      if (event === 'end') stream.ended = (data as { reason: string }).reason
      resolve()
    }
    readMessages(response.body!, take).catch(() => {})
  })
  await began
  return stream
}

async function readMessages(body: ReadableStream<Uint8Array>, take: (event: string, data: never) => void) {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    const messages = text.split('\n\n')
    text = messages.pop()!
    for (const message of messages) {
      const [, event, data] = /^event: (\w+)\nid: \d+\ndata: (.*)$/.exec(message) ?? []
      if (event) take(event, JSON.parse(data!) as never)
    }
  }
}
