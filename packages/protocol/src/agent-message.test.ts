import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeAgentMessage, encodeAgentMessage, FrameError, frameFlag, type OutgoingMessage } from '#index.ts'

const fixture = (name: string) =>
  Buffer.from(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8').replaceAll('\n', ''), 'hex')

const frameOf = (more: Partial<OutgoingMessage> = {}) =>
  encodeAgentMessage({
    messageType: 'agent_job',
    messageId: '499e4f1e-42b4-4990-bb5b-dd2a841697d3',
    createdDate: 1795229575643,
    payload: '{}',
    ...more,
  })

const changed = (change: (frame: DataView) => void) => {
  const frame = frameOf()
  change(new DataView(frame.buffer))
  return frame
}

test('a captured control channel frame is read and written byte for byte', () => {
  const captured = fixture('agent_job_ack.hex')
  const message = decodeAgentMessage(captured)
  assert.deepEqual(
    { ...message, payload: message.payload.length },
    {
      messageType: 'agent_job_ack',
      schemaVersion: 1,
      createdDate: 1795229575643,
      sequenceNumber: 0,
      flags: 0,
      messageId: '499e4f1e-42b4-4990-bb5b-dd2a841697d3',
      payloadType: 0,
      payload: 228,
    },
  )
  assert.deepEqual(Buffer.from(encodeAgentMessage(message)), captured)
})

test('a captured data channel frame keeps its flags and payload type', () => {
  const captured = fixture('output_stream_data.hex')
  const message = decodeAgentMessage(captured)
  assert.equal(message.flags, frameFlag.syn)
  assert.equal(message.payloadType, 1)
  assert.equal(Buffer.from(message.payload).toString(), '$ ')
  assert.deepEqual(Buffer.from(encodeAgentMessage(message)), captured)
})

test('a type may be padded with NULs', () => {
  const frame = frameOf()
  frame.fill(0, 4 + 'agent_job'.length, 36)
  assert.equal(decodeAgentMessage(frame).messageType, 'agent_job')
})

test('a type may be padded in front', () => {
  const frame = frameOf().fill(0, 4, 36)
  frame.set(Buffer.from('agent_job'), 36 - 'agent_job'.length)
  assert.equal(decodeAgentMessage(frame).messageType, 'agent_job')
})

for (const [what, frame] of [
  ['shorter than the header', new Uint8Array(119)],
  ['with another header length', changed((view) => view.setUint32(0, 0))],
  ['with an empty type', frameOf().fill(0x20, 4, 36)],
  ['with a control character in its type', frameOf().fill(7, 5, 6)],
  ['without a date', changed((view) => view.setBigUint64(40, 0n))],
  ['with a date beyond 2^53', changed((view) => view.setBigUint64(40, 2n ** 60n))],
  ['with a sequence number beyond 2^53', changed((view) => view.setBigInt64(48, -(2n ** 60n)))],
  ['with more payload than announced', changed((view) => view.setUint32(116, 1))],
  ['with less payload than announced', changed((view) => view.setUint32(116, 2 ** 32 - 1))],
  ['with a wrong digest', changed((view) => view.setUint8(80, 1))],
] as const) {
  test(`a frame ${what} is refused`, () => {
    assert.throws(() => decodeAgentMessage(frame), FrameError)
  })
}

for (const [what, message] of [
  ['a type of 33 characters', { messageType: 'a'.repeat(33) }],
  ['an id that is no uuid', { messageId: '499e4f1e' }],
  ['a date of 0', { createdDate: 0 }],
  ['a fraction as sequence number', { sequenceNumber: 1.5 }],
] as const) {
  test(`${what} cannot be sent`, () => {
    assert.throws(() => frameOf(message), FrameError)
  })
}

test('every frame that can be written is read back the same', () => {
  const message = fc.record({
    messageType: fc.stringMatching(/^[a-z_]{1,32}$/),
    messageId: fc.uuid(),
    createdDate: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    sequenceNumber: fc.maxSafeInteger(),
    flags: fc.maxSafeNat(),
    payloadType: fc.nat(),
    payload: fc.uint8Array({ maxLength: 300 }),
  })
  fc.assert(
    fc.property(message, (sent) => {
      assert.deepEqual(decodeAgentMessage(encodeAgentMessage(sent)), { ...sent, schemaVersion: 1 })
    }),
  )
})

test('no bytes make the decoder throw anything but a FrameError', () => {
  const damage = fc.array(fc.tuple(fc.nat({ max: 130 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 })
  const damaged = damage.map((bytes) => {
    const frame = frameOf({ payload: 'payload' })
    for (const [at, byte] of bytes) frame[at] = byte
    return frame
  })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (frame) => {
      try {
        decodeAgentMessage(frame)
      } catch (error) {
        assert.ok(error instanceof FrameError)
      }
    }),
    { numRuns: 2000 },
  )
})
