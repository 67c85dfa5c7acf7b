/*
 * Frames of smux version 1, the multiplexing inside port sessions: a header of 8 bytes, little-endian (version, command,
 * length, stream), and data. The frames form one byte stream: where they are cut into messages means nothing.
 */
import { ProtocolError } from '#protocol-error.ts'

export const smuxCommand = { open: 0, close: 1, data: 2, keepAlive: 3 } as const

export type SmuxFrame = { command: number; streamId: number; data: Uint8Array }

const version = 1
const headerLength = 8

/** The most data of one frame that we send, so that with its header it fits a message of 64 KB; the format allows 65535. */
export const smuxDataLimit = 64 * 1024 - headerLength

const nothing = new Uint8Array(0)

export function encodeSmuxFrame({ command, streamId, data }: SmuxFrame): Uint8Array {
  const frame = new Uint8Array(headerLength + data.length)
  const view = new DataView(frame.buffer)
  view.setUint8(0, version)
  view.setUint8(1, command)
  view.setUint16(2, data.length, true)
  view.setUint32(4, streamId, true)
  frame.set(data, headerLength)
  return frame
}

/** Cuts a byte stream into frames. Data is a view into the bytes handed in where they hold a frame wholly. */
export class SmuxDecoder {
  #rest: Uint8Array = nothing

  /** Frames that the bytes complete; throws ProtocolError for another version or command, after which nothing fits. */
  decode(bytes: Uint8Array): SmuxFrame[] {
    const buffer = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes)
    const frames: SmuxFrame[] = []
    let at = 0
    while (buffer.length - at >= headerLength) {
      const view = new DataView(buffer.buffer, buffer.byteOffset + at)
      const end = at + headerLength + view.getUint16(2, true)
      checkHeader(view)
      if (end > buffer.length) break
      const data = buffer.subarray(at + headerLength, end)
      frames.push({ command: view.getUint8(1), streamId: view.getUint32(4, true), data })
      at = end
    }
    this.#rest = buffer.slice(at)
    return frames
  }
}

function checkHeader(view: DataView): void {
  if (view.getUint8(0) !== version) throw new ProtocolError(`smux: version ${view.getUint8(0)} is not known.`)
  if (view.getUint8(1) > smuxCommand.keepAlive)
    throw new ProtocolError(`smux: command ${view.getUint8(1)} is not known.`)
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
