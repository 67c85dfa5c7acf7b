/*
 * Steward's own extension: the full output of a command, live, between our agent and our server. The agent sends chunks
 * in order for each stream of each step; the server acknowledges the offset up to which it has them. After a reconnect
 * the agent goes on from the last acknowledged offset, so a chunk may come twice but never with a gap. Data is raw bytes:
 * a chunk may end inside a character. Layout of steward_output: length of the JSON head (uint32, big-endian), head, data.
 */
import { ProtocolError } from '#protocol-error.ts'
import { integer, type JsonObject, parseJsonObject, text } from '#untrusted-json.ts'

/** The most data one chunk carries, in bytes. */
export const outputChunkLimit = 32 * 1024

/** The most unacknowledged output of one command, in bytes. */
export const outputWindow = 256 * 1024

export const outputStreams = ['stdout', 'stderr'] as const

export type OutputStream = (typeof outputStreams)[number]

/** Agent → server: a piece of a stream of a step; `offset` counts bytes from the stream's start. */
export type OutputChunk = { jobId: string; step: string; stream: OutputStream; offset: number; data: Uint8Array }

/**
 * Server → agent: everything below `offset` of that stream is stored. `stop` says that the job's bound is reached: the
 * agent sends no more output of this job, of whichever stream.
 */
export type OutputAck = { jobId: string; step: string; stream: OutputStream; offset: number; stop: boolean }

const utf8 = new TextEncoder()

/** The payload of a steward_output frame. */
export function formatOutputChunk(chunk: OutputChunk): Uint8Array {
  const { jobId, step, stream, offset } = chunk
  const head = utf8.encode(JSON.stringify({ jobId, step, stream, offset }))
  const payload = new Uint8Array(4 + head.length + chunk.data.length)
  new DataView(payload.buffer).setUint32(0, head.length)
  payload.set(head, 4)
  payload.set(chunk.data, 4 + head.length)
  return payload
}

/** Reads a steward_output payload; `data` is a view into it. */
export function parseOutputChunk(payload: Uint8Array): OutputChunk {
  const what = messageName
  const headLength = payload.length < 4 ? Number.NaN : new DataView(payload.buffer, payload.byteOffset).getUint32(0)
  if (!(headLength <= payload.length - 4)) throw new ProtocolError(`${what} is shorter than its head.`)
  const data = payload.subarray(4 + headLength)
  if (data.length > outputChunkLimit)
    throw new ProtocolError(`${what} has more than ${outputChunkLimit} bytes of data.`)
  return { ...position(parseJsonObject(payload.subarray(4, 4 + headLength), what), what), data }
}

/** The payload of a steward_output_ack frame. */
export function formatOutputAck(ack: OutputAck): string {
  const { jobId, step, stream, offset, stop } = ack
  return JSON.stringify({ jobId, step, stream, offset, ...(stop ? { stop } : {}) })
}

export function parseOutputAck(payload: Uint8Array | string): OutputAck {
  const what = `${messageName}_ack`
  const from = parseJsonObject(payload, what)
  return { ...position(from, what), stop: from.stop === true }
}

const messageName = 'steward_output'

function position(from: JsonObject, what: string): Omit<OutputAck, 'stop'> {
  const offset = integer(from, 'offset', what)
  if (offset < 0) throw new ProtocolError(`${what}: offset must not be negative.`)
  const stream = outputStreams.find((name) => name === from.stream)
  if (!stream) throw new ProtocolError(`${what}: stream must be stdout or stderr.`)
  return { jobId: text(from, 'jobId', what), step: text(from, 'step', what), stream, offset }
}
