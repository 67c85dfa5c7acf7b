import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Message, messagesOf } from './event-stream.ts'

/** A stream whose bytes come in pieces that end anywhere. */
function streamOf(text: string, sizes: readonly number[] = []): ReadableStream<Uint8Array> {
  let bytes = new TextEncoder().encode(text)
  const pieces = sizes.map((size) => {
    const piece = bytes.subarray(0, size)
    bytes = bytes.subarray(size)
    return piece
  })
  return ReadableStream.from([...pieces, bytes])
}

async function all(stream: ReadableStream<Uint8Array>): Promise<Message[]> {
  const messages: Message[] = []
  for await (const message of messagesOf(stream)) messages.push(message)
  return messages
}

test('EVT-07 messages arrive whole, however the bytes are cut', async () => {
  const aMessage = fc
    .tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ unit: 'grapheme' }))
    .map(([event, text]) => ({ event, data: JSON.stringify({ text }) }))
  await fc.assert(
    fc.asyncProperty(fc.array(aMessage), fc.array(fc.integer({ min: 0, max: 9 })), async (sent, sizes) => {
      const text = sent.map(({ event, data }) => `event: ${event}\nid: 7\ndata: ${data}\n\n`).join('')
      assert.deepEqual(await all(streamOf(text, sizes)), sent)
    }),
  )
})

test('a comment is a message without data, and what is not complete is none', async () => {
  assert.deepEqual(await all(streamOf(': still here\n\ndata: a\ndata:b\n\ndata: not to the end\n')), [
    { event: 'message', data: '' },
    { event: 'message', data: 'a\nb' },
  ])
})

test('whoever stops listening ends the stream', async () => {
  let cancelled = false
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: on and on\n\n')),
    cancel: () => {
      cancelled = true
    },
  })
  for await (const { data } of messagesOf(stream)) if (data) break
  assert.ok(cancelled)
})
