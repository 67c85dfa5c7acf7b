import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AgentMessage, agentHeader, decodeAgentMessage, encodeAgentMessage } from '@steward/protocol'
import {
  DataChannel,
  formatAcknowledge,
  formatClientOpenFrame,
  type StreamMessageType,
} from '@steward/protocol/session/index.ts'
import { WebSocket } from 'ws'
import type { RelayedSession } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { aSession, DataChannelLab } from '../testing/data-channel-lab.ts'

const codec = { encodeAgentMessage, decodeAgentMessage }

/** Numbers that look random and are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** One side that keeps its stream over any number of connections, each of which loses, doubles and delays frames. */
class Unreliable {
  readonly channel: DataChannel
  readonly received: number[] = []
  readonly #lab: DataChannelLab
  readonly #session: RelayedSession
  readonly #side: 'client' | 'agent'
  readonly #random: () => number
  #socket: WebSocket | undefined
  #late: Uint8Array | undefined
  #ticking: NodeJS.Timeout | undefined
  #done = () => {}

  constructor(lab: DataChannelLab, session: RelayedSession, side: 'client' | 'agent', seed: number) {
    this.#lab = lab
    this.#session = session
    this.#side = side
    this.#random = numbers(seed)
    const sends: StreamMessageType = side === 'client' ? 'input_stream_data' : 'output_stream_data'
    this.channel = new DataChannel({
      sends,
      codec,
      now: () => Date.now(),
      newId: randomIds.uuid,
      deliver: ({ payload }: AgentMessage) => {
        this.received.push(Number(Buffer.from(payload)))
        this.#done()
      },
    })
  }

  async connect(): Promise<void> {
    this.#ticking ??= setInterval(() => this.channel.tick(), 20)
    const headers = { [agentHeader]: '0.1.0' }
    const socket = new WebSocket(this.#lab.urlOf(this.#session), this.#side === 'agent' ? { headers } : {})
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      if (this.#random() >= 0.02) this.channel.receive(Uint8Array.from(data))
    })
    await new Promise((resolve) => socket.once('open', resolve))
    const tokenValue = this.#lab.token(this.#session, this.#side)
    socket.send(formatClientOpenFrame({ requestId: 'x', tokenValue, clientId: '', clientVersion: '1.2.677.0' }))
    this.channel.connect((frame) => this.#write(socket, frame))
  }

  /** The connection is gone, and comes back. */
  async breakOff(): Promise<void> {
    this.leave()
    await this.connect()
  }

  async until(count: number): Promise<void> {
    while (this.received.length < count) {
      await new Promise<void>((resolve) => {
        this.#done = resolve
      })
    }
  }

  /** Gone, until it connects again. */
  leave(): void {
    clearInterval(this.#ticking)
    this.#ticking = undefined
    this.channel.disconnect()
    this.#socket?.terminate()
  }

  #write(socket: WebSocket, frame: Uint8Array): void {
    const fate = this.#random()
    if (fate < 0.02) return
    if (fate < 0.04) socket.send(frame)
    if (fate < 0.06 && !this.#late) {
      this.#late = frame
      return
    }
    socket.send(frame)
    if (this.#late) socket.send(this.#late)
    this.#late = undefined
  }
}

test('SM-09 nothing is lost, doubled or reordered while frames are, and both connections break again and again', async () => {
  await using lab = await DataChannelLab.start()
  const session = aSession()
  const [agent, client] = [new Unreliable(lab, session, 'agent', 1), new Unreliable(lab, session, 'client', 2)]
  await Promise.all([agent.connect(), client.connect()])
  const COUNT = 300
  for (let sent = 0; sent < COUNT; sent++) {
    agent.channel.send(1, `${sent}`)
    client.channel.send(1, `${sent}`)
    if (sent % 50 === 20) await client.breakOff()
    if (sent % 50 === 40) await agent.breakOff()
  }
  await Promise.all([agent.until(COUNT), client.until(COUNT)])
  const expected = Array.from({ length: COUNT }, (_, index) => index)
  assert.deepEqual(agent.received, expected)
  assert.deepEqual(client.received, expected)
  agent.leave()
  client.leave()
})

/**
 * Amazon's agent, where it matters: it overlooks an acknowledgement that comes fast, and sends only the oldest frame again that it
 * takes for unacknowledged. Amazon's client: it acknowledges a frame once.
 */
test('SM-09 an agent that overlooks acknowledgements, and a client that gives each once, do not freeze', async () => {
  await using lab = await DataChannelLab.start()
  const session = aSession()
  const agent = await lab.join(session, 'agent')
  let client = await lab.join(session, 'client')
  const COUNT = 60
  const shown: string[] = []
  let expected = 0
  const ahead = new Map<number, string>()
  const unacknowledged = new Map<number, string>()
  let overlooked = 0

  const takeOutput = (message: AgentMessage) => {
    const { sequenceNumber: sequence, payload } = message
    if (message.messageType !== 'output_stream_data' || sequence < expected || ahead.has(sequence)) return
    ahead.set(sequence, Buffer.from(payload).toString())
    client.message(
      'acknowledge',
      formatAcknowledge({ messageType: 'output_stream_data', messageId: '', sequenceNumber: sequence }),
    )
    for (let next = ahead.get(expected); next !== undefined; next = ahead.get(expected)) {
      ahead.delete(expected++)
      shown.push(next)
    }
  }
  const listen = () => client.socket.on('message', (data: Buffer) => takeOutput(decodeAgentMessage(data)))
  listen()
  agent.socket.on('message', (data: Buffer) => {
    const message = decodeAgentMessage(data)
    if (message.messageType !== 'acknowledge') return
    const sequence = JSON.parse(Buffer.from(message.payload).toString()).AcknowledgedMessageSequenceNumber as number
    // Every fifth comes before the agent remembers that it sent the frame.
    if (sequence % 5 === 0 && overlooked++ < COUNT / 5) return
    unacknowledged.delete(sequence)
  })

  for (let sequence = 0; sequence < COUNT; sequence++) {
    unacknowledged.set(sequence, `${sequence}`)
    agent.output(sequence, `${sequence}`)
    if (sequence === 30) {
      await client.cut()
      client = await lab.join(session, 'client')
      listen()
    }
  }
  for (let round = 0; unacknowledged.size > 0; round++) {
    assert.ok(round < 200, `frame ${[...unacknowledged.keys()][0]} is stuck`)
    const [oldest] = [...unacknowledged].sort(([a], [b]) => a - b)
    agent.output(...oldest!)
    lab.advance(300)
    await agent.roundTrip()
    await client.roundTrip()
    await agent.roundTrip()
  }
  assert.deepEqual(
    shown,
    Array.from({ length: COUNT }, (_, index) => `${index}`),
  )
})

test('SM-09 a client that is gone for a minute loses not a byte of a stream that goes on', async () => {
  await using lab = await DataChannelLab.start()
  const session = aSession()
  const [agent, client] = [new Unreliable(lab, session, 'agent', 3), new Unreliable(lab, session, 'client', 4)]
  await Promise.all([agent.connect(), client.connect()])
  agent.channel.send(1, '0')
  await client.until(1)
  client.leave()
  await lab.reported('client-lost')
  for (let sent = 1; sent < 200; sent++) agent.channel.send(1, `${sent}`)
  lab.advance(60_000)
  await client.connect()
  await client.until(200)
  assert.deepEqual(
    client.received,
    Array.from({ length: 200 }, (_, index) => index),
  )
  agent.leave()
  client.leave()
})
