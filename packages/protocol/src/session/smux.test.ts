import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ProtocolError } from '#protocol-error.ts'
import { Smux, type SmuxOptions } from '#session/smux.ts'
import { encodeSmuxFrame, SmuxDecoder, smuxCommand } from '#session/smux-frame.ts'
import type { SmuxStream } from '#session/smux-stream.ts'

/** Two multiplexers whose bytes cross when `cross` is called, cut at random places; the server echoes. */
function pair(options: Partial<SmuxOptions> = {}, cut: () => number = () => 1000) {
  const toServer: Uint8Array[] = []
  const toClient: Uint8Array[] = []
  const accepted: SmuxStream[] = []
  const client = new Smux({ role: 'client', write: (bytes) => toServer.push(bytes), hasRoom: () => true, ...options })
  const server = new Smux({
    role: 'server',
    write: (bytes) => toClient.push(bytes),
    hasRoom: () => true,
    onStream: (stream) => {
      accepted.push(stream)
      stream.onData = (data) => stream.write(data.slice())
      stream.onEnd = () => stream.end()
    },
  })
  const carry = (from: Uint8Array[], to: Smux) => {
    const bytes = Buffer.concat(from.splice(0))
    for (let at = 0; at < bytes.length; ) {
      const length = Math.max(1, cut())
      to.receive(bytes.subarray(at, at + length))
      at += length
    }
  }
  const cross = () => {
    while (toServer.length + toClient.length > 0) {
      carry(toServer, server)
      carry(toClient, client)
    }
  }
  return { client, server, accepted, toServer, cross }
}

const gathered = (stream: SmuxStream) => {
  const parts: Uint8Array[] = []
  stream.onData = (data) => parts.push(data.slice())
  return () => Buffer.concat(parts)
}

test('the captured bytes of a real client are read and written', () => {
  const open = Buffer.from('0100000003000000', 'hex')
  const data = Buffer.concat([Buffer.from('0102050003000000', 'hex'), Buffer.from('hello')])
  const [first, second] = new SmuxDecoder().decode(Buffer.concat([open, data]))
  assert.deepEqual([first?.command, first?.streamId, first?.data.length], [smuxCommand.open, 3, 0])
  assert.equal(Buffer.from(second!.data).toString(), 'hello')
  const again = encodeSmuxFrame({ command: smuxCommand.data, streamId: 3, data: Buffer.from('hello') })
  assert.deepEqual(Buffer.from(again), data)
  const { client, toServer } = pair()
  client.open()
  assert.deepEqual(Buffer.concat(toServer), open)
})

test('any data on any number of streams comes back whole, wherever the bytes are cut', () => {
  const property = fc.property(
    fc.array(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 4 }), { minLength: 1, maxLength: 8 }),
    fc.infiniteStream(fc.integer({ min: 1, max: 700 })),
    (writes, cuts) => {
      const { client, server, cross } = pair({}, () => cuts.next().value)
      const results = writes.map((parts) => {
        const stream = client.open()
        const result = gathered(stream)
        for (const part of parts) stream.write(part)
        stream.end()
        return result
      })
      cross()
      writes.forEach((parts, i) => {
        assert.deepEqual(results[i]!(), Buffer.concat(parts))
      })
      assert.deepEqual([client.streams, server.streams], [0, 0])
    },
  )
  fc.assert(property, { numRuns: 50 })
})

test('streams take turns at a carrier with little room', () => {
  let room = false
  const { client, accepted, cross } = pair({ hasRoom: () => room })
  const big = client.open()
  const small = client.open()
  assert.equal(big.write(new Uint8Array(1_000_000)), false)
  small.write(Buffer.from('quick'))
  cross()
  const order: number[] = []
  for (const stream of accepted) stream.onData = () => order.push(stream.id)
  room = true
  client.flush()
  cross()
  assert.deepEqual(order.slice(0, 3), [big.id, small.id, big.id])
  assert.equal(order.length, 17)
})

test('a writer that was told to wait is told when to go on', () => {
  let room = false
  const { client } = pair({ hasRoom: () => room })
  const stream = client.open()
  let drained = 0
  stream.onDrain = () => (drained += 1)
  assert.equal(stream.write(new Uint8Array(300_000)), false)
  assert.equal(drained, 0)
  room = true
  client.flush()
  assert.equal(drained, 1)
})

test('what paused streams keep is bounded by the owner, who hears of it', () => {
  const heard: string[] = []
  const { client, cross } = pair({
    maxKept: 10_000,
    onFull: () => heard.push('full'),
    onDrained: () => heard.push('drained'),
  })
  const stream = client.open()
  const result = gathered(stream)
  stream.pause()
  stream.write(new Uint8Array(25_000))
  cross()
  assert.deepEqual([heard, result().length], [['full'], 0])
  stream.resume()
  assert.deepEqual([heard, result().length], [['full', 'drained'], 25_000])
})

test('closing a paused stream gives its memory back', () => {
  const heard: string[] = []
  const { client, cross } = pair({
    maxKept: 100,
    onFull: () => heard.push('full'),
    onDrained: () => heard.push('drained'),
  })
  const stream = client.open()
  stream.pause()
  stream.write(new Uint8Array(1000))
  cross()
  stream.close()
  cross()
  assert.deepEqual([heard, client.streams], [['full', 'drained'], 0])
})

test('each direction ends by itself', () => {
  const { client, server, accepted, cross } = pair()
  const stream = client.open()
  cross()
  const result = gathered(stream)
  accepted[0]!.onEnd = () => accepted[0]!.write(Buffer.from('after your end'))
  stream.end()
  cross()
  assert.deepEqual([result().toString(), server.streams], ['after your end', 1])
  accepted[0]!.end()
  cross()
  assert.deepEqual([client.streams, server.streams], [0, 0])
})

test('a server refuses streams beyond its limit and ids that are its own', () => {
  const written: Uint8Array[] = []
  const write = (bytes: Uint8Array) => written.push(bytes)
  const server = new Smux({ role: 'server', write, hasRoom: () => true, onStream: () => {}, maxStreams: 1 })
  const open = (streamId: number) =>
    server.receive(encodeSmuxFrame({ command: smuxCommand.open, streamId, data: new Uint8Array(0) }))
  open(3)
  open(5)
  assert.equal(server.streams, 1)
  assert.deepEqual(Buffer.concat(written).toString('hex'), '0101000005000000')
  assert.throws(() => open(4), ProtocolError)
})

test('any bytes are frames or a ProtocolError', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (parts) => {
      const { client } = pair()
      try {
        for (const part of parts) client.receive(part)
      } catch (error) {
        assert.ok(error instanceof ProtocolError)
      }
    }),
    { numRuns: 300 },
  )
})
