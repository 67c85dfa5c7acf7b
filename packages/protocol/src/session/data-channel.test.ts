import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeAgentMessage, encodeAgentMessage } from '#index.ts'
import { DataChannel, type DataChannelOptions } from '#session/data-channel.ts'
import { payloadType, sessionMessageType } from '#session/message-type.ts'

const codec = { decodeAgentMessage, encodeAgentMessage }
const numberOf = (payload: Uint8Array) => Number(Buffer.from(payload).toString())

/** Two ends, a clock, and a network whose frames `step` delivers, loses, doubles or puts in another order. */
function pair(
  more: Partial<DataChannelOptions> = {},
  fault: () => 'lose' | 'double' | 'late' | undefined = () => undefined,
) {
  let now = 1_800_000_000_000
  const received: number[] = []
  const frames: { to: 'agent' | 'client'; frame: Uint8Array }[] = []
  const base = { codec, now: () => now, newId: randomUUID }
  const agent = new DataChannel({ ...base, sends: 'output_stream_data', deliver: () => {}, ...more })
  const client = new DataChannel({
    ...base,
    sends: 'input_stream_data',
    deliver: (message) => received.push(numberOf(message.payload)),
  })
  const ends = { agent, client }
  const put = (to: 'agent' | 'client') => (frame: Uint8Array) => {
    const what = fault()
    if (what === 'lose') return
    if (what === 'late') frames.unshift({ to, frame })
    else frames.push({ to, frame })
    if (what === 'double') frames.push({ to, frame })
  }
  const connect = () => {
    agent.connect(put('client'))
    client.connect(put('agent'))
  }
  const disconnect = () => {
    frames.length = 0
    agent.disconnect()
    client.disconnect()
  }
  const deliver = () => {
    for (const { to, frame } of frames.splice(0)) ends[to].receive(frame)
  }
  const step = (ms = 100) => {
    while (frames.length > 0) deliver()
    now += ms
    agent.tick()
    client.tick()
  }
  connect()
  return { agent, client, received, frames, connect, disconnect, deliver, step }
}

const send = ({ agent }: ReturnType<typeof pair>, ...numbers: number[]) => {
  for (const number of numbers) agent.send(payloadType.output, String(number))
}
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

test('frames arrive once, in order, and leave the memory of their sender', () => {
  const network = pair()
  send(network, ...upTo(20))
  network.step()
  assert.deepEqual(network.received, upTo(20))
  assert.equal(network.agent.unacknowledged, 0)
  assert.equal(network.agent.unacknowledgedBytes, 0)
})

test('an agent takes frames with a wrong digest and a type that is padded in front; a client takes no wrong digest', () => {
  const heard: string[] = []
  const options = { codec, now: () => 1, newId: randomUUID, deliver: () => heard.push('heard') }
  const frame = (messageType: string) => {
    const bytes = encodeAgentMessage({ messageType, messageId: randomUUID(), createdDate: 1, payload: 'x' })
    bytes.copyWithin(36 - messageType.length, 4, 4 + messageType.length).fill(0, 4, 36 - messageType.length)
    return bytes.fill(0x61, 80, 112)
  }
  const agent = new DataChannel({ ...options, sends: 'output_stream_data' })
  assert.equal(agent.receive(frame('input_stream_data')), true)
  assert.deepEqual(heard, ['heard'])
  const client = new DataChannel({ ...options, sends: 'input_stream_data' })
  assert.equal(client.receive(frame('output_stream_data')), false)
})

test('the first frame of an agent opens the stream', () => {
  const { agent, frames } = pair()
  agent.send(payloadType.output, '$ ')
  agent.send(payloadType.output, '# ')
  assert.deepEqual(
    frames.map(({ frame }) => decodeAgentMessage(frame).flags),
    [1, 0],
  )
})

test('whatever is lost, doubled or late, everything arrives once and in order', () => {
  const faults = fc.infiniteStream(fc.integer({ min: 0, max: 99 }))
  const property = fc.property(fc.integer({ min: 1, max: 120 }), faults, (count, dice) => {
    const network = pair({}, () => {
      const { value } = dice.next()
      return value < 10 ? 'lose' : value < 15 ? 'double' : value < 20 ? 'late' : undefined
    })
    for (const number of upTo(count)) {
      send(network, number)
      if (number % 7 === 0) network.step(10)
    }
    for (let i = 0; i < 3000 && network.agent.unacknowledged > 0; i += 1) network.step()
    assert.deepEqual(network.received, upTo(count))
    assert.equal(network.agent.unacknowledged, 0)
  })
  fc.assert(property, { numRuns: 60 })
})

test('with 2 % of frames lost, 300 lines are through within five seconds of resending', () => {
  let at = 0
  const network = pair({}, () => (at++ % 50 === 49 ? 'lose' : undefined))
  send(network, ...upTo(300))
  for (let i = 0; i < 50; i += 1) network.step()
  assert.deepEqual(network.received, upTo(300))
})

test('an acknowledgement that arrives while the frame is being written counts', () => {
  const sent: number[] = []
  const options = { codec, now: () => 1, newId: randomUUID }
  const client = new DataChannel({ ...options, sends: 'input_stream_data', deliver: () => {} })
  const agent = new DataChannel({ ...options, sends: 'output_stream_data', deliver: () => {} })
  client.connect((frame) => agent.receive(frame))
  agent.connect((frame) => client.receive(frame))
  sent.push(agent.send(payloadType.output, 'x'))
  assert.deepEqual([sent, agent.unacknowledged], [[0], 0])
})

test('a new connection brings everything that was not acknowledged, at once and in order', () => {
  const network = pair()
  send(network, 0, 1)
  network.step()
  network.disconnect()
  send(network, ...upTo(60).slice(2))
  network.connect()
  network.step(0)
  assert.deepEqual(network.received, upTo(60))
})

test('a duplicate is acknowledged again and delivered once', () => {
  const network = pair()
  send(network, 0)
  const [first] = network.frames
  network.step()
  network.client.receive(first!.frame)
  assert.equal(network.frames.length, 1)
  assert.deepEqual(network.received, [0])
})

test('a sender that was told to pause sends nothing, not even again, until it is told to go on', () => {
  const network = pair()
  const tell = (messageType: string) =>
    network.agent.receive(encodeAgentMessage({ messageType, messageId: randomUUID(), createdDate: 1, payload: '' }))
  tell(sessionMessageType.pausePublication)
  send(network, 0, 1)
  network.step(5000)
  assert.equal(network.frames.length, 0)
  tell(sessionMessageType.startPublication)
  network.step()
  assert.deepEqual(network.received, [0, 1])
})

test('input ends a pause', () => {
  const network = pair()
  const pause = {
    messageType: sessionMessageType.pausePublication,
    messageId: randomUUID(),
    createdDate: 1,
    payload: '',
  }
  network.agent.receive(encodeAgentMessage(pause))
  send(network, 0)
  network.client.send(payloadType.output, 'x')
  network.step()
  network.step()
  assert.deepEqual(network.received, [0])
})

test('a reader that holds gets nothing, its sender fills its window, and nothing is missing after the release', () => {
  let rooms = 0
  const network = pair({ window: 1000, onRoom: () => (rooms += 1) })
  network.client.hold()
  send(network, ...upTo(40))
  assert.equal(network.agent.hasRoom, false)
  network.step()
  assert.deepEqual([network.received, network.agent.unacknowledged], [[], 40])
  network.client.release()
  network.step()
  assert.deepEqual(network.received, upTo(40))
  assert.deepEqual([network.agent.hasRoom, rooms], [true, 1])
})

test('while its reader holds, an end still takes acknowledgements', () => {
  const network = pair()
  network.client.hold()
  network.client.send(payloadType.output, 'typed')
  network.step()
  assert.equal(network.client.unacknowledged, 0)
})

test('a sender that asks again gets a sign of life of a reader who holds', () => {
  const network = pair()
  send(network, 0)
  network.step()
  network.client.hold()
  send(network, 1)
  const [held] = network.frames
  network.deliver()
  network.client.receive(held!.frame)
  const [sign] = network.frames.map(({ frame }) => decodeAgentMessage(frame))
  assert.equal(JSON.parse(Buffer.from(sign!.payload).toString()).AcknowledgedMessageSequenceNumber, 0)
  network.step()
  assert.deepEqual([network.received, network.agent.unacknowledged], [[0], 1])
})

test('a reader may hold from within a delivery', () => {
  const taken: string[] = []
  const options = { codec, now: () => 1, newId: randomUUID, deliver: () => {} }
  const agent = new DataChannel({ ...options, sends: 'output_stream_data' })
  const client: DataChannel = new DataChannel({
    ...options,
    sends: 'input_stream_data',
    deliver: ({ payload }) => {
      taken.push(Buffer.from(payload).toString())
      client.hold()
    },
  })
  client.connect((frame) => agent.receive(frame))
  agent.connect((frame) => client.receive(frame))
  for (const text of ['a', 'b', 'c']) agent.send(payloadType.output, text)
  assert.deepEqual([taken, agent.unacknowledged], [['a'], 2])
  client.release()
  assert.deepEqual([taken, agent.unacknowledged], [['a', 'b'], 1])
})

test('frames beyond the limits are dropped unacknowledged and come again', () => {
  const options = { codec, now: () => 1, newId: randomUUID, deliver: () => {} }
  const taken: number[] = []
  const client = new DataChannel({
    ...options,
    sends: 'input_stream_data',
    maxFrames: 5,
    deliver: ({ payload }) => taken.push(numberOf(payload)),
  })
  const agent = new DataChannel({ ...options, sends: 'output_stream_data' })
  client.connect((frame) => agent.receive(frame))
  agent.connect((frame) => client.receive(frame))
  client.hold()
  for (const number of upTo(12)) agent.send(payloadType.output, String(number))
  client.release()
  assert.deepEqual([taken, agent.unacknowledged], [upTo(5), 7])
  agent.connect((frame) => client.receive(frame))
  assert.deepEqual([taken, agent.unacknowledged], [upTo(12), 0])
})

test('bytes that are no frame, and acknowledgements of nothing, change nothing', () => {
  const network = pair()
  send(network, 0)
  const noAcknowledge = { messageType: 'acknowledge', messageId: randomUUID(), createdDate: 1, payload: 'no JSON' }
  assert.equal(network.agent.receive(encodeAgentMessage(noAcknowledge)), true)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.equal(network.client.receive(bytes), false)
    }),
  )
  network.step()
  assert.deepEqual(network.received, [0])
})

test('a frame that waits long is resent ever less often', () => {
  const network = pair({}, () => 'lose')
  let sent = 0
  network.agent.connect(() => (sent += 1))
  send(network, 0)
  for (let i = 0; i < 300; i += 1) network.step()
  assert.ok(sent > 8 && sent < 20, `sent ${sent} times in 30 s`)
})
