import { frameHeaderLength, isTypePadding } from '#agent-message.ts'
import { sessionMessageType } from '#session/message-type.ts'

/** What a relay must know of a frame to pass it on: read without the digest and without copying. */
export type FrameHead = {
  messageType: string
  sequenceNumber: number
  payloadType: number
  /** A view into the frame. */
  payload: Uint8Array
}

const messageTypeAt = 4
const messageTypeLength = 32
const sequenceNumberAt = 48
const payloadTypeAt = 112
const payloadAt = frameHeaderLength + 4
const twoTo32 = 2 ** 32

const knownTypes = Object.values(sessionMessageType)

/**
 * The head of a data-channel frame; undefined when the bytes are no frame. The payload's digest is not checked: its
 * receiver does that. The type is empty when it is none of a data channel.
 */
export function peekFrame(frame: Uint8Array): FrameHead | undefined {
  if (frame.length < payloadAt) return undefined
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const sequenceNumber = view.getInt32(sequenceNumberAt) * twoTo32 + view.getUint32(sequenceNumberAt + 4)
  const wellFormed =
    view.getUint32(0) === frameHeaderLength &&
    view.getUint32(frameHeaderLength) === frame.length - payloadAt &&
    Number.isSafeInteger(sequenceNumber)
  if (!wellFormed) return undefined
  const start = startOfType(frame)
  return {
    messageType: knownTypes.find((type) => hasType(frame, start, type)) ?? '',
    sequenceNumber,
    payloadType: view.getUint32(payloadTypeAt),
    payload: frame.subarray(payloadAt),
  }
}

function hasType(frame: Uint8Array, start: number, type: string): boolean {
  for (let i = 0; i < type.length; i += 1) {
    if (frame[start + i] !== type.charCodeAt(i)) return false
  }
  const end = start + type.length
  return (
    end === messageTypeAt + messageTypeLength || (end < messageTypeAt + messageTypeLength && isTypePadding(frame[end]))
  )
}

/** Where the type begins: some clients pad in front. */
function startOfType(frame: Uint8Array): number {
  let at = messageTypeAt
  while (at < messageTypeAt + messageTypeLength && isTypePadding(frame[at])) at += 1
  return at
}
