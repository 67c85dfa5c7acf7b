/**
 * One managed node of a simulated fleet: a control channel as agents keep it, without the agent. It asks for a token, opens the
 * WebSocket, and answers jobs by the protocol; whatever reply was not acknowledged is sent again on the next connection, with the
 * same id. A lost connection comes back after a random wait that grows to a minute. What a thousand nodes would repeat
 * is done beforehand or once: signatures (`prepare`), the texts of replies (`SimulatedWork`).
 */
import { randomUUID } from 'node:crypto'
import {
  type AckStatus,
  type AgentJob,
  type AgentMessage,
  ackStatus,
  decodeAgentMessage,
  encodeAgentMessage,
  formatAgentJobAck,
  formatAgentJobReply,
  formatTokenFrame,
  jobIdOf,
  messageType,
  parseAgentJob,
  parseAgentJobReplyAck,
  parseCancelCommand,
  parseJobId,
  topicPrefix,
} from '@steward/protocol'
import { signRequest } from '@steward/protocol/signature.ts'
import type { NodeIdentity } from './enrol-nodes.ts'
import { RawChannel } from './raw-channel.ts'
import { type AssociationParts, SimulatedAssociations } from './simulated-associations.ts'
import type { Answers, SimulatedWork } from './simulated-work.ts'

/** What happened on all nodes of a fleet. */
export interface FleetCounts {
  connected: number
  /** Attempts to connect that failed. */
  failedAttempts: number
  /** Commands taken; each counts once for each node, however often it was delivered. */
  commands: number
  /** Deliveries of commands that the node had already. */
  duplicates: number
  repliesUnacknowledged: number
}

/** What the nodes of a fleet have in common. */
export interface FleetParts extends AssociationParts {
  readonly work: SimulatedWork
  readonly counts: FleetCounts
  /** Called whenever a node is connected. */
  readonly onConnected: () => void
}

/** Servers take a signature for five minutes. */
const SIGNATURE_LIFE_MS = 4 * 60_000
const FIRST_WAIT_MS = 2_500
const LONGEST_WAIT_MS = 60_000

export class SimulatedNode {
  readonly #identity: NodeIdentity
  readonly #parts: FleetParts
  readonly #url: URL
  readonly #associations: SimulatedAssociations
  #signed: { readonly at: number; readonly create: Buffer; readonly open: Buffer } | undefined
  #channel: RawChannel | undefined
  #open = false
  #wanted = false
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  readonly #taken = new Set<string>()
  readonly #working = new Map<string, { timer: NodeJS.Timeout; answers: Answers }>()
  /** Frames by message id. */
  readonly #unacknowledged = new Map<string, Uint8Array>()

  constructor(identity: NodeIdentity, parts: FleetParts) {
    this.#identity = identity
    this.#parts = parts
    this.#url = new URL(`/v1/control-channel/${identity.nodeId}`, parts.url)
    this.#associations = new SimulatedAssociations(identity, parts)
  }

  /** Signs the requests of the next connection, so that connecting costs nothing that a real fleet would not share out. */
  prepare(): void {
    const { credentials } = this.#identity
    const date = new Date()
    const common = { service: 'ssmmessages', region: this.#parts.region, date }
    const json = { 'content-type': 'application/json' }
    const create = signRequest({ ...common, method: 'POST', url: this.#url, headers: json, body: BODY }, credentials)
    const url = new URL('?role=subscribe&stream=input', this.#url)
    const open = signRequest({ ...common, method: 'GET', url, headers: {}, body: '' }, credentials)
    this.#signed = {
      at: date.getTime(),
      create: wire('POST', this.#url, { ...create, 'content-length': String(BODY.length) }, BODY),
      open: wire('GET', url, { ...open, ...UPGRADE }),
    }
  }

  /** Connects, and stays connected until `disconnect`. */
  connect(): void {
    this.#wanted = true
    if (!this.#signed || Date.now() - this.#signed.at > SIGNATURE_LIFE_MS) this.prepare()
    const { create, open } = this.#signed!
    this.#channel = new RawChannel({
      host: this.#url.hostname,
      port: Number(this.#url.port),
      create,
      open,
      onOpen: (token) => this.#opened(token),
      onFrame: (payload) => this.#receive(decodeAgentMessage(payload)),
      onClose: () => this.#closed(),
    })
  }

  disconnect(): void {
    this.#wanted = false
    clearTimeout(this.#timer)
    this.#channel?.close()
  }

  /** Asks for its associations, as agents do every ten minutes. */
  pollAssociations(): void {
    if (this.#open) void this.#associations.refresh()
  }

  #opened(tokenValue: string): void {
    this.#open = true
    this.#failures = 0
    const token = { requestId: randomUUID(), tokenValue, agentVersion: '3.2.0.0', platformType: 'linux' }
    this.#channel!.sendText(formatTokenFrame(token))
    if (this.#unacknowledged.size > 0) this.#send([...this.#unacknowledged.values()])
    this.#parts.counts.connected++
    this.#parts.onConnected()
  }

  #closed(): void {
    this.#channel = undefined
    if (this.#open) {
      this.#open = false
      this.#parts.counts.connected--
      this.#connectLater(Math.random() * FIRST_WAIT_MS)
    } else this.#failed()
  }

  #failed(): void {
    this.#parts.counts.failedAttempts++
    const most = Math.min(FIRST_WAIT_MS * 2 ** this.#failures++, LONGEST_WAIT_MS)
    this.#connectLater(most * (0.5 + Math.random() / 2))
  }

  #connectLater(waitMs: number): void {
    if (this.#wanted) this.#timer = setTimeout(() => this.connect(), waitMs)
  }

  #receive(message: AgentMessage): void {
    if (message.messageType === messageType.agentJobReplyAck) {
      this.#acknowledged(parseAgentJobReplyAck(message.payload).acknowledgedMessageId)
    } else if (message.messageType === messageType.agentJob) {
      const job = parseAgentJob(message.payload)
      if (job.topic.startsWith(topicPrefix.cancelCommand)) this.#cancel(job, message)
      else this.#take(job, message)
    }
  }

  #take(job: AgentJob, message: AgentMessage): void {
    const { commandId } = parseJobId(job.jobId)
    if (this.#taken.has(commandId)) {
      this.#parts.counts.duplicates++
      this.#send([acknowledgement(job, message, ackStatus.duplicateCommand)])
      return
    }
    this.#taken.add(commandId)
    this.#parts.counts.commands++
    const answers = this.#parts.work.answersTo(commandId, job)
    this.#send([acknowledgement(job, message, ackStatus.successful), this.#reply(job, answers.accepted)])
    const timer = setTimeout(() => this.#finish(commandId, job, answers.results), answers.workMs)
    this.#working.set(commandId, { timer, answers })
  }

  #cancel(job: AgentJob, message: AgentMessage): void {
    const { commandId, nodeId } = parseCancelCommand(job.content)
    this.#send([acknowledgement(job, message, ackStatus.successful)])
    const working = this.#working.get(commandId)
    if (!working) return
    clearTimeout(working.timer)
    this.#finish(commandId, { ...job, jobId: jobIdOf(commandId, nodeId) }, [working.answers.cancelled])
  }

  #finish(commandId: string, job: AgentJob, results: readonly string[]): void {
    this.#working.delete(commandId)
    if (job.content.includes('"aws:refreshAssociation"')) void this.#associations.refresh()
    this.#send(results.map((result) => this.#reply(job, result)))
  }

  /** A reply, kept until it is acknowledged. */
  #reply(job: AgentJob, content: string): Uint8Array {
    const id = randomUUID()
    const payload = formatAgentJobReply({ jobId: job.jobId, topic: job.topic, content })
    const reply = frame(messageType.agentJobReply, id, payload)
    this.#unacknowledged.set(id, reply)
    this.#parts.counts.repliesUnacknowledged++
    return reply
  }

  #acknowledged(id: string): void {
    if (this.#unacknowledged.delete(id)) this.#parts.counts.repliesUnacknowledged--
  }

  #send(frames: readonly Uint8Array[]): void {
    if (this.#open) this.#channel!.sendFrames(frames)
  }
}

const BODY = JSON.stringify({ MessageSchemaVersion: '1.0', RequestId: randomUUID() })
const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': Buffer.alloc(16).toString('base64'),
}

function wire(method: string, url: URL, headers: { [name: string]: string }, body = ''): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

function acknowledgement(job: AgentJob, message: AgentMessage, { statusCode, errorMessage }: AckStatus): Uint8Array {
  const payload = formatAgentJobAck({
    jobId: job.jobId,
    acknowledgedMessageId: message.messageId,
    createdDate: new Date(message.createdDate).toISOString(),
    statusCode,
    errorMessage,
  })
  return frame(messageType.agentJobAck, randomUUID(), payload)
}

function frame(type: string, messageId: string, payload: string): Uint8Array {
  return encodeAgentMessage({ messageType: type, messageId, createdDate: Date.now(), payload })
}
