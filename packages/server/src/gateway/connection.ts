/**
 * One open control channel: binary frames in both directions (agent-protocol, section 8).
 *
 * A reply is acknowledged after it is durable, never before: the agent keeps what was not acknowledged and sends it again.
 * So are replies that we cannot read or that speak for another node, or the agent would repeat them for hours; they
 * are logged and change nothing. A node that sends faster than we store is not read from until we have caught up, and one that
 * does not read what we send is gone.
 */
import type { Duplex } from 'node:stream'
import {
  ackVerdict,
  decodeAgentMessage,
  encodeAgentMessage,
  formatAgentJob,
  formatAgentJobReplyAck,
  formatOutputAck,
  messageType,
  parseAgentJobAck,
  parseAgentJobReply,
  parseJobId,
  parseOutputChunk,
} from '@steward/protocol'
import { formatTaskAcknowledge, parseTaskComplete } from '@steward/protocol/session/index.ts'
import { WebSocket } from 'ws'
import type { Clock } from '#kernel/clock.ts'
import type { Job, NodeRef } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Logger } from '#kernel/logger.ts'
import type { ChannelOutlet, Gateway } from './gateway.ts'

/** What may wait to be sent to a node that does not read, before it counts as gone. */
const UNREAD_LIMIT = 8 * 1024 * 1024
/** What a ping carries to which only a machine answers that is there beside the one that is connected now. */
const REPLACED = 'replaced'
/** Reports of one node that may wait for the database before we stop reading from it. */
const REPORTS_WAITING = 64

export interface ConnectionParts {
  readonly gateway: Gateway
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
}

/** What a connection is made of. `socket` is what the WebSocket is on. */
export interface Opened {
  readonly ws: WebSocket
  readonly socket: Duplex
  readonly sourceIp: string
}

export class Connection implements ChannelOutlet {
  readonly node: NodeRef
  readonly sourceIp: string
  readonly #ws: WebSocket
  readonly #socket: Duplex
  #corked = false
  readonly #parts: ConnectionParts
  #answered = true
  /** What such a node still says counts no more, though its connection takes a moment to end. */
  #dropped = false
  #reports = 0
  /** Chunks of output must be stored in the order in which they came. */
  #outputs: Promise<unknown> = Promise.resolve()

  constructor({ ws, socket, sourceIp }: Opened, node: NodeRef, parts: ConnectionParts) {
    this.#ws = ws
    this.#socket = socket
    this.sourceIp = sourceIp
    this.node = node
    this.#parts = parts
    ws.on('pong', () => {
      this.#answered = true
    })
    ws.on('message', (data: Buffer, isBinary: boolean) => {
      this.#answered = true
      if (isBinary && !this.#dropped) this.#receive(data)
    })
  }

  deliver(jobs: readonly Job[]): void {
    for (const job of jobs) {
      const { message = messageType.agentJob } = job
      this.#send(message, message === messageType.agentJob ? formatAgentJob(job) : job.content)
    }
  }

  close(reason: 'replaced' | 'dropped' | 'stopping'): void {
    if (reason === 'dropped') this.#dropped = true
    this.#ws.close(reason === 'stopping' ? 1001 : 1000, reason)
    // A peer that does not answer the close frame must not keep the connection, nor the next server waiting.
    setTimeout(() => this.#ws.terminate(), reason === 'stopping' ? 200 : 2000).unref()
  }

  replaced(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#ws.on('pong', (data: Buffer) => {
      if (data.toString() === REPLACED) resolve(true)
    })
    this.#ws.once('close', () => resolve(false))
    // Its answer must not wait for the database.
    this.#ws.resume()
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.ping(REPLACED)
    this.close('replaced')
    return promise
  }

  /** A node that answered nothing since the last ping is gone: pulled cables send no close frame. */
  ping(): void {
    if (this.#answered) this.#ws.ping()
    else this.#ws.terminate()
    this.#answered = false
  }

  #send(type: string, payload: string): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return
    if (this.#ws.bufferedAmount > UNREAD_LIMIT) {
      this.#ws.terminate()
      return
    }
    this.#sendTogether()
    const { ids, clock } = this.#parts
    this.#ws.send(
      encodeAgentMessage({ messageType: type, messageId: ids.uuid(), createdDate: clock.now().getTime(), payload }),
    )
  }

  /** What is sent in one turn goes to the system together: handing bytes over costs more than making them. */
  #sendTogether(): void {
    if (this.#corked) return
    this.#corked = true
    this.#socket.cork()
    process.nextTick(() => {
      this.#corked = false
      this.#socket.uncork()
    })
  }

  #receive(data: Buffer): void {
    try {
      const message = decodeAgentMessage(data)
      switch (message.messageType) {
        case messageType.agentJobAck:
          this.#receiveAck(message.payload)
          break
        case messageType.agentJobReply:
          this.#receiveReply(message.messageId, message.payload)
          break
        case messageType.stewardOutput:
          this.#receiveOutput(message.payload)
          break
        case messageType.agentTaskComplete:
          this.#receiveSessionComplete(message.messageId, message.payload)
          break
      }
    } catch (error) {
      this.#parts.log.warn({ nodeId: this.node.nodeId, reason: (error as Error).message }, 'frame from node ignored')
    }
  }

  #receiveAck(payload: Uint8Array): void {
    const { jobId, statusCode, errorMessage } = parseAgentJobAck(payload)
    this.#mustBeOwn(jobId)
    const verdict = ackVerdict(statusCode)
    if (verdict === 'accepted') this.#track(this.#parts.gateway.report(this.node, { kind: 'accepted', jobId }))
    else if (verdict === 'later') this.#track(this.#parts.gateway.report(this.node, { kind: 'busy', jobId }))
    else {
      const reason = `The agent refused the command: ${errorMessage || statusCode}.`
      this.#track(this.#parts.gateway.report(this.node, { kind: 'refused', jobId, reason }))
    }
  }

  #receiveReply(replyId: string, payload: Uint8Array): void {
    let jobId = ''
    const acknowledge = () => {
      this.#send(messageType.agentJobReplyAck, formatAgentJobReplyAck({ jobId, acknowledgedMessageId: replyId }))
    }
    try {
      const reply = parseAgentJobReply(payload)
      jobId = reply.jobId
      this.#mustBeOwn(jobId)
      const event = { kind: 'reply', jobId, replyId, content: reply.content } as const
      this.#track(this.#parts.gateway.report(this.node, event).then(acknowledge))
    } catch (error) {
      acknowledge()
      throw error
    }
  }

  /** That a session is over, which the agent says again until it is acknowledged. */
  #receiveSessionComplete(messageId: string, payload: Uint8Array): void {
    const { sessionId, status, output, s3Bucket, s3UrlSuffix, cwlGroup, cwlStream } = parseTaskComplete(payload)
    const log = { s3Bucket, s3UrlSuffix, cwlGroup, cwlStream }
    const event = { kind: 'session-complete', jobId: sessionId, failed: status === 'Failed', output, log } as const
    const acknowledge = () =>
      this.#send(messageType.agentTaskAcknowledge, formatTaskAcknowledge({ messageId, sessionId }))
    this.#track(this.#parts.gateway.report(this.node, event).then(acknowledge))
  }

  #receiveOutput(payload: Uint8Array): void {
    const { jobId, step, stream, offset, data } = parseOutputChunk(payload)
    this.#mustBeOwn(jobId)
    const stored = this.#outputs.then(async () => {
      const event = { kind: 'output', jobId, step, stream, offset, data } as const
      const accepted = await this.#parts.gateway.report(this.node, event)
      const { offset: kept, stop } = accepted ?? { offset: offset + data.length, stop: true }
      this.#send(messageType.stewardOutputAck, formatOutputAck({ jobId, step, stream, offset: kept, stop }))
    })
    // Of one that was not stored the agent learns from the answer to the next.
    this.#outputs = stored.catch(() => {})
    this.#track(stored)
  }

  /** Reads no more from a node whose reports wait for the database, until they are stored. */
  #track(report: Promise<unknown>): void {
    if (++this.#reports === REPORTS_WAITING) this.#ws.pause()
    report
      .catch((error) => {
        // Not acknowledged, so the agent will say it again.
        this.#parts.log.error({ nodeId: this.node.nodeId, err: error }, 'report of a node could not be stored')
      })
      .finally(() => {
        if (this.#reports-- === REPORTS_WAITING) this.#ws.resume()
      })
  }

  #mustBeOwn(jobId: string): void {
    const { nodeId } = parseJobId(jobId)
    if (nodeId !== this.node.nodeId) throw new Error(`It speaks of a job of ${nodeId}.`)
  }
}
