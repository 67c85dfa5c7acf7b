/*
 * The binary frame of the control channel and of data channels: one WebSocket message, one frame. A fixed header of 116
 * bytes (big-endian), the payload's length, the payload. Decoding is strict, because everything that is read here comes
 * from the network: a frame is either wholly right or a FrameError, and nothing else is ever thrown. The payload of a
 * decoded message is a view into the frame, not a copy.
 *
 * SHA-256 is handed in, so that this file runs in a browser too; `index.ts` binds the codec to Node's.
 */

/** Bytes before the payload's length; also the value of the frame's first field. */
export const frameHeaderLength = 116

/** Flag bits of a frame: SYN opens a stream of a data channel, FIN ends it. Control channel frames carry neither. */
export const frameFlag = { syn: 1, fin: 2 } as const

/** One frame. `createdDate` is in milliseconds since 1970 and never 0; `messageId` is a lower-case uuid. */
export type AgentMessage = {
  messageType: string
  schemaVersion: number
  createdDate: number
  sequenceNumber: number
  flags: number
  messageId: string
  payloadType: number
  payload: Uint8Array
}

/** What a sender must say; the rest has the values of the control channel (schema 1, sequence, flags, payload type 0). */
export type OutgoingMessage = {
  messageType: string
  messageId: string
  createdDate: number
  payload: string | Uint8Array
  sequenceNumber?: number
  flags?: number
  payloadType?: number
}

/** The bytes are no frame, or the message cannot be put into one. The sentence says which field is wrong. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
}

export type Sha256 = (bytes: Uint8Array) => Uint8Array

export type FrameCodec = {
  /** Builds a frame; throws FrameError for a type, id or number that has no place in it. */
  encodeAgentMessage(message: OutgoingMessage): Uint8Array
  /** Reads a frame and checks its lengths, and its digest unless told not to; throws FrameError and nothing else. */
  decodeAgentMessage(frame: Uint8Array, digest?: 'checked' | 'ignored'): AgentMessage
}

const offset = {
  messageType: 4,
  schemaVersion: 36,
  createdDate: 40,
  sequenceNumber: 48,
  flags: 56,
  messageId: 64,
  digest: 80,
  payloadType: 112,
  payloadLength: frameHeaderLength,
  payload: frameHeaderLength + 4,
} as const

const messageTypeLength = 32
const digestLength = 32
const twoTo32 = 2 ** 32
const space = 0x20
const dash = 0x2d

const utf8 = new TextEncoder()
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A codec that computes and checks payload digests with the given SHA-256. */
export function frameCodec(sha256: Sha256): FrameCodec {
  return {
    encodeAgentMessage(message) {
      const payload = typeof message.payload === 'string' ? utf8.encode(message.payload) : message.payload
      const frame = new Uint8Array(offset.payload + payload.length)
      const view = new DataView(frame.buffer)
      view.setUint32(0, frameHeaderLength)
      writeMessageType(frame, message.messageType)
      view.setUint32(offset.schemaVersion, 1)
      writeCreatedDate(view, message.createdDate)
      writeInteger(view, offset.sequenceNumber, message.sequenceNumber ?? 0, 'SequenceNumber')
      writeInteger(view, offset.flags, message.flags ?? 0, 'Flags')
      writeMessageId(frame, message.messageId)
      frame.set(sha256(payload), offset.digest)
      view.setUint32(offset.payloadType, message.payloadType ?? 0)
      view.setUint32(offset.payloadLength, payload.length)
      frame.set(payload, offset.payload)
      return frame
    },

    decodeAgentMessage(frame, digest = 'checked') {
      if (frame.length < offset.payload) throw new FrameError(`The frame has ${frame.length} bytes; the least is 120.`)
      const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
      const headerLength = view.getUint32(0)
      if (headerLength !== frameHeaderLength) throw new FrameError(`HeaderLength is ${headerLength}, not 116.`)
      const payload = frame.subarray(offset.payload)
      const payloadLength = view.getUint32(offset.payloadLength)
      if (payloadLength !== payload.length) {
        throw new FrameError(`PayloadLength is ${payloadLength}, but ${payload.length} bytes follow.`)
      }
      const message: AgentMessage = {
        messageType: readMessageType(frame),
        schemaVersion: view.getUint32(offset.schemaVersion),
        createdDate: readCreatedDate(view),
        sequenceNumber: readInteger(view, offset.sequenceNumber, 'SequenceNumber'),
        flags: readInteger(view, offset.flags, 'Flags'),
        messageId: readMessageId(frame),
        payloadType: view.getUint32(offset.payloadType),
        payload,
      }
      if (digest === 'checked') checkDigest(frame, sha256(payload))
      return message
    },
  }
}

function writeMessageType(frame: Uint8Array, messageType: string): void {
  if (!/^[\x21-\x7e]{1,32}$/.test(messageType))
    throw new FrameError('MessageType must be 1 to 32 printable characters.')
  const end = offset.messageType + messageTypeLength
  for (let at = offset.messageType; at < end; at += 1) frame[at] = space
  for (let i = 0; i < messageType.length; i += 1) frame[offset.messageType + i] = messageType.charCodeAt(i)
}

/** Senders pad with spaces; older ones with NULs, and clients in JavaScript with NULs in front. Amazon's agent takes all. */
function readMessageType(frame: Uint8Array): string {
  let start = offset.messageType
  let end = start + messageTypeLength
  while (end > start && isTypePadding(frame[end - 1])) end -= 1
  while (start < end && isTypePadding(frame[start])) start += 1
  let messageType = ''
  for (let at = start; at < end; at += 1) {
    const byte = frame[at]!
    if (byte <= space || byte > 0x7e) throw new FrameError('MessageType has a character that is not printable ASCII.')
    messageType += String.fromCharCode(byte)
  }
  if (messageType === '') throw new FrameError('MessageType is empty.')
  return messageType
}

/** Whether it fills up the field of a message's type. */
export function isTypePadding(byte: number | undefined): boolean {
  return byte === space || byte === 0
}

function writeCreatedDate(view: DataView, createdDate: number): void {
  if (createdDate <= 0) throw new FrameError('CreatedDate must be later than 1970.')
  writeInteger(view, offset.createdDate, createdDate, 'CreatedDate')
}

function readCreatedDate(view: DataView): number {
  const createdDate = readInteger(view, offset.createdDate, 'CreatedDate')
  if (createdDate <= 0) throw new FrameError('CreatedDate must be later than 1970.')
  return createdDate
}

// 64-bit fields as numbers: nothing on this wire comes near 2^53, and BigInt would cost more than the digest.
function writeInteger(view: DataView, at: number, value: number, field: string): void {
  if (!Number.isSafeInteger(value)) throw new FrameError(`${field} is not an integer below 2^53.`)
  view.setInt32(at, Math.floor(value / twoTo32))
  view.setUint32(at + 4, value >>> 0)
}

function readInteger(view: DataView, at: number, field: string): number {
  const value = view.getInt32(at) * twoTo32 + view.getUint32(at + 4)
  if (!Number.isSafeInteger(value)) throw new FrameError(`${field} is not an integer below 2^53.`)
  return value
}

// The id's halves are swapped on the wire: the last eight bytes of the uuid come first.
function writeMessageId(frame: Uint8Array, messageId: string): void {
  if (!uuidPattern.test(messageId)) throw new FrameError('MessageId is not a uuid.')
  let at = 0
  for (let i = 0; i < messageId.length; i += 2) {
    if (messageId.charCodeAt(i) === dash) i += 1
    const byte = (hexDigit(messageId.charCodeAt(i)) << 4) | hexDigit(messageId.charCodeAt(i + 1))
    frame[offset.messageId + ((at + 8) % 16)] = byte
    at += 1
  }
}

/** The value of a hexadecimal digit by its character code, of either case. */
function hexDigit(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57
}

function readMessageId(frame: Uint8Array): string {
  let uuid = ''
  for (let i = 0; i < 16; i += 1) {
    if (i === 4 || i === 6 || i === 8 || i === 10) uuid += '-'
    uuid += hexOfByte[frame[offset.messageId + ((i + 8) % 16)]!]
  }
  return uuid
}

function checkDigest(frame: Uint8Array, digest: Uint8Array): void {
  for (let i = 0; i < digestLength; i += 1) {
    if (frame[offset.digest + i] !== digest[i]) throw new FrameError('PayloadDigest is not the SHA-256 of the payload.')
  }
}
