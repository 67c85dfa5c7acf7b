/** The frames of a data channel that the server itself makes. */
import { encodeAgentMessage } from '@steward/protocol'
import {
  formatAcknowledge,
  formatChannelClosed,
  formatTerminalSize,
  payloadType,
  sessionMessageType,
  type TerminalSize,
} from '@steward/protocol/session/index.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Ids } from '#kernel/ids.ts'

const SYN = 1
const SYN_AND_FIN = 3

export class ServerFrames {
  readonly #clock: Clock
  readonly #ids: Ids

  constructor(clock: Clock, ids: Ids) {
    this.#clock = clock
    this.#ids = ids
  }

  /** What a receiver says of a stream message. Only the number is read by those who get it. */
  acknowledge(messageType: 'output_stream_data' | 'input_stream_data', sequenceNumber: number): Uint8Array {
    const payload = formatAcknowledge({ messageType, messageId: this.#ids.uuid(), sequenceNumber })
    return this.#frame(sessionMessageType.acknowledge, payload, { flags: SYN_AND_FIN })
  }

  channelClosed(session: { readonly sessionId: string; readonly nodeId: string }, output: string): Uint8Array {
    const { sessionId, nodeId } = session
    const createdDate = this.#clock.now().toISOString()
    const closed = { messageId: this.#ids.uuid(), sessionId, destinationId: nodeId, createdDate, output }
    return this.#frame(sessionMessageType.channelClosed, formatChannelClosed(closed))
  }

  /** Nobody reads the payload, but Amazon's agent logs every frame without one as an error. */
  publication(type: 'pause_publication' | 'start_publication'): Uint8Array {
    return this.#frame(type, '{}')
  }

  /** In the place of another with this number. */
  size(sequenceNumber: number, size: TerminalSize): Uint8Array {
    const head = { sequenceNumber, payloadType: payloadType.size }
    return this.#frame(sessionMessageType.inputStreamData, formatTerminalSize(size), head)
  }

  output(sequenceNumber: number, type: number, payload: Uint8Array | string): Uint8Array {
    const head = { sequenceNumber, payloadType: type, flags: sequenceNumber === 0 ? SYN : 0 }
    return this.#frame(sessionMessageType.outputStreamData, payload, head)
  }

  #frame(
    messageType: string,
    payload: Uint8Array | string,
    head: { sequenceNumber?: number; flags?: number; payloadType?: number } = {},
  ): Uint8Array {
    const createdDate = this.#clock.now().getTime()
    return encodeAgentMessage({ messageType, messageId: this.#ids.uuid(), createdDate, payload, ...head })
  }
}
