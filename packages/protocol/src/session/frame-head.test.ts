import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeAgentMessage, encodeAgentMessage, FrameError } from '#index.ts'
import { peekFrame } from '#session/frame-head.ts'
import { sessionMessageType } from '#session/message-type.ts'

const frames = fc.record({
  messageType: fc.constantFrom(...Object.values(sessionMessageType)),
  sequenceNumber: fc.maxSafeNat(),
  payloadType: fc.nat(20),
  payload: fc.uint8Array({ maxLength: 100 }),
})
const encoded = (message: { messageType: string; payload: Uint8Array }) =>
  encodeAgentMessage({ ...message, messageId: randomUUID(), createdDate: 1 })

test('a relay reads of a frame what the codec reads', () => {
  fc.assert(
    fc.property(frames, (message) => {
      assert.deepEqual(peekFrame(encoded(message)), { ...message })
    }),
  )
})

test('a type may be padded in front, as clients in JavaScript do', () => {
  const padded = (messageType: string) => {
    const frame = encoded({ messageType, payload: new Uint8Array(3) })
    return frame.copyWithin(36 - messageType.length, 4, 4 + messageType.length).fill(0, 4, 36 - messageType.length)
  }
  for (const messageType of Object.values(sessionMessageType)) {
    assert.equal(peekFrame(padded(messageType))?.messageType, messageType)
  }
  assert.equal(peekFrame(padded('agent_job'))?.messageType, '')
})

test('a type that no data channel has is empty', () => {
  for (const messageType of ['agent_job', 'acknowledgement', 'acknowledg']) {
    assert.equal(peekFrame(encoded({ messageType, payload: new Uint8Array(3) }))?.messageType, '')
  }
})

test('damaged frames are refused or read, by the relay and by the codec, and nothing else happens', () => {
  const damage = fc.record({ at: fc.nat(219), byte: fc.nat(255), cut: fc.nat(219) })
  fc.assert(
    fc.property(frames, damage, (message, { at, byte, cut }) => {
      const frame = encoded(message)
      frame[at % frame.length] = byte
      const damaged = frame.subarray(0, frame.length - (cut % 3 === 0 ? cut : 0))
      const head = peekFrame(damaged)
      assert.ok(head === undefined || head.payload.length === damaged.length - 120)
      try {
        decodeAgentMessage(damaged)
      } catch (error) {
        assert.ok(error instanceof FrameError)
      }
    }),
    { numRuns: 500 },
  )
})
