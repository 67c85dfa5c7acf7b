import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventStream } from './event-stream.ts'

interface Message {
  readonly event: string
  readonly data: { readonly kind?: string; readonly of?: string; readonly ids?: string[]; readonly kinds?: string[] }
}

const ANY = { kinds: undefined, ids: undefined }

/** Everything that a stream has said once `count` messages are there. */
async function read(stream: EventStream, count: number): Promise<Message[]> {
  const messages: Message[] = []
  for await (const text of stream.iterator({ destroyOnReturn: false })) {
    for (const [, event, data] of String(text).matchAll(/event: (\w+)\nid: \d+\ndata: (.*)\n\n/g))
      messages.push({ event: event!, data: JSON.parse(data!) })
    if (messages.length >= count) return messages
  }
  return messages
}

function opened(wanted: ConstructorParameters<typeof EventStream>[0] = ANY): EventStream {
  const stream = new EventStream(wanted, () => new Date(0))
  stream.allow(['nodes', 'invocations'])
  return stream
}

test('EVT-07 changes of one kind within a moment are one message, with each id once', async () => {
  const stream = opened()
  stream.tell({ kind: 'nodes', ids: ['a', 'b'] })
  stream.tell({ kind: 'nodes', ids: ['b', 'c'] })
  stream.tell({ kind: 'documents', ids: ['hidden'] })
  stream.tell({ kind: 'invocations', of: 'command', ids: ['a'] })
  const [hello, nodes, invocations] = await read(stream, 3)
  assert.deepEqual(hello!.data.kinds, ['nodes', 'invocations'])
  assert.deepEqual([nodes!.data.kind, nodes!.data.ids], ['nodes', ['a', 'b', 'c']])
  assert.deepEqual([invocations!.data.of, invocations!.data.ids], ['command', ['a']])
  stream.destroy()
})

test('EVT-07 more ids than a message holds, or ids that are not known, mean any', async () => {
  const stream = opened()
  stream.tell({ kind: 'nodes', ids: Array.from({ length: 101 }, (_, index) => `mi-${index}`) })
  stream.tell({ kind: 'nodes', ids: ['one more'] })
  const [, nodes] = await read(stream, 2)
  assert.deepEqual(nodes!.data.ids, [])
  stream.destroy()
})

test('EVT-07 a stream about some ids tells of these, of what belongs to them, and of changes that may be theirs', async () => {
  const stream = opened({ kinds: undefined, ids: new Set(['a', 'command']) })
  stream.tell({ kind: 'nodes', ids: ['b'] })
  stream.tell({ kind: 'invocations', of: 'other', ids: ['b'] })
  stream.tell({ kind: 'invocations', of: 'command', ids: ['b'] })
  stream.tell({ kind: 'nodes', ids: ['a'] })
  const [, ...changes] = await read(stream, 3)
  assert.deepEqual(
    changes.map(({ data }) => [data.kind, data.of, data.ids]),
    [
      ['invocations', 'command', ['b']],
      ['nodes', undefined, ['a']],
    ],
  )
  stream.destroy()
})

test('EVT-07 a reader that does not read costs a bounded amount of memory and is told that hints were lost', async () => {
  const stream = opened()
  const id = 'x'.repeat(2_000)
  while (stream.readableLength < stream.readableHighWaterMark) stream.beat()
  const full = stream.readableLength
  for (let round = 0; round < 1_000; round++) stream.tell({ kind: 'invocations', of: `${round}`, ids: [id] })
  assert.equal(stream.readableLength, full)
  const messages = await read(stream, 2)
  assert.deepEqual(
    messages.slice(0, 2).map(({ event }) => event),
    ['hello', 'reset'],
  )
  stream.destroy()
})

test('EVT-07 what comes after the end of a stream harms nobody', async () => {
  const stream = opened()
  stream.finish('stopping')
  stream.finish('stopping')
  stream.tell({ kind: 'nodes', ids: ['a'] })
  stream.beat()
  const messages = await read(stream, 9)
  assert.deepEqual(
    messages.map(({ event }) => event),
    ['hello', 'end'],
  )
})
