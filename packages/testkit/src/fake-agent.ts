/**
 * A managed node that does what a test tells it and nothing by itself. It becomes a node with the calls that agents make
 * (activation, registration, role token, health report, control channel) and speaks the real frames, so the server cannot tell it
 * from a machine. Jobs wait until the test takes them; unless `autoRun` answers them.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  type AckStatus,
  type AgentMessage,
  ackStatus,
  decodeAgentMessage,
  encodeAgentMessage,
  formatAgentJobAck,
  formatAgentJobReply,
  formatOutputChunk,
  formatReply,
  formatTokenFrame,
  messageType,
  type OutputAck,
  type OutputChunk,
  parseAgentJob,
  parseAgentJobReplyAck,
  parseCancelCommand,
  parseJobId,
  parseOutputAck,
  parseSendCommand,
  type ResultStatus,
  type StepResult,
  topicPrefix,
} from '@steward/protocol'
import { type Credentials, type SignableRequest, signAsNode, signRequest } from '@steward/protocol/signature.ts'
import { WebSocket } from 'ws'
import { eventually } from './eventually.ts'

/** A job as it arrived. Of a cancellation `commandId` is that of the command to end; its own id is in `jobId`. */
export interface FakeJob {
  readonly kind: 'command' | 'cancel'
  readonly commandId: string
  readonly jobId: string
  readonly topic: string
  /** JSON text. */
  readonly content: string
  readonly messageId: string
  readonly createdDate: number
}

/** What a step came to. What is left out is that of a step `aws:runShellScript` with code 0 and no output. */
export interface FakeResult extends Partial<Omit<StepResult, 'status' | 'code'>> {
  readonly code?: number
  /** Default: `Success` for code 0, else `Failed`. */
  readonly status?: ResultStatus
  readonly stdout?: string
  readonly stderr?: string
}

export interface FakeReply {
  readonly status: ResultStatus
  /** By step name. */
  readonly steps?: Readonly<Record<string, FakeResult>>
  readonly trace?: string
  /** Default: a new one. The same id again is the same reply sent again. */
  readonly id?: string
}

export interface FakeAgentParts {
  readonly url: string
  readonly region: string
  readonly now: () => Date
  /** Whether the server counts the node as connected. */
  readonly isConnected: (nodeId: string) => boolean
  /** Shared by all: making a pair takes longer than everything else together. */
  readonly keys: { readonly publicKey: string; readonly privateKey: string }
}

export class FakeAgent {
  /** `mi-…` */
  readonly id: string
  /** Every job that came, in order, resent ones included. */
  readonly received: FakeJob[] = []
  /** Ids of the replies that the server has acknowledged. */
  readonly acknowledged: string[] = []
  readonly outputAcks: OutputAck[] = []
  readonly #parts: FakeAgentParts
  readonly #fingerprint: string
  readonly #unread: FakeJob[] = []
  #answer: ((job: FakeJob) => void) | undefined
  #socket: WebSocket | undefined

  private constructor(id: string, fingerprint: string, parts: FakeAgentParts) {
    this.id = id
    this.#fingerprint = fingerprint
    this.#parts = parts
  }

  /** A registered node. It is neither connected nor has it told anything of itself. */
  static async register(
    activation: { ActivationId: string; ActivationCode: string },
    parts: FakeAgentParts,
  ): Promise<FakeAgent> {
    const Fingerprint = randomUUID()
    const registration = { ...activation, Fingerprint, PublicKey: parts.keys.publicKey, PublicKeyType: 'Rsa' }
    const { InstanceId } = await call(parts, 'RegisterManagedInstance', registration, ({ headers }) => headers)
    return new FakeAgent(String(InstanceId), Fingerprint, parts)
  }

  /** Another machine with this one's disk. It is not connected. */
  copy(): FakeAgent {
    return new FakeAgent(this.id, this.#fingerprint, this.#parts)
  }

  /** One of the calls that agents make with their role's credentials. */
  async request(operation: string, input: object): Promise<Record<string, unknown>> {
    const credentials = await this.#credentials()
    return call(this.#parts, operation, input, (request) => signRequest(request, credentials))
  }

  /** A health report. */
  async updateInformation(more: object = {}): Promise<void> {
    const report = {
      InstanceId: this.id,
      AgentName: 'amazon-ssm-agent',
      AgentVersion: '3.2.0.0',
      AgentStatus: 'Active',
      AvailabilityZone: '',
      ComputerName: `${this.id}.example`,
      IPAddress: '10.99.0.1',
      PlatformName: 'Debian GNU/Linux',
      PlatformType: 'Linux',
      PlatformVersion: '12',
      SSMConnectionChannel: 'ssmmessages',
      ...more,
    }
    await this.request('UpdateInstanceInformation', report)
  }

  /** Opens the control channel; one that is open is cut first, as a machine has one. Resolves once the server counts the node as connected. */
  async connect(): Promise<void> {
    this.cut()
    const credentials = await this.#credentials()
    const tokenValue = await this.#channelToken(credentials)
    const headers = this.#signed('GET', this.#channelUrl('?role=subscribe&stream=input'), {}, '', credentials)
    const socket = new WebSocket(this.#channelUrl('?role=subscribe&stream=input').href.replace(/^http/, 'ws'), {
      headers,
    })
    socket.on('message', (data: Buffer, isBinary) => isBinary && this.#receive(decodeAgentMessage(data)))
    socket.on('error', () => {})
    await once(socket, 'open')
    socket.send(
      formatTokenFrame({ requestId: randomUUID(), tokenValue, agentVersion: '3.2.0.0', platformType: 'linux' }),
    )
    this.#socket = socket
    await this.settle()
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** Cuts the connection without a word, as a machine that loses its power does. */
  cut(): void {
    this.#socket?.terminate()
    this.#socket = undefined
  }

  /** Cuts the connection; resolves once the server has noticed. */
  async vanish(): Promise<void> {
    this.cut()
    await eventually(() => !this.#parts.isConnected(this.id))
  }

  /** Resolves when the server has read what was sent, and what it has sent is here. */
  async settle(): Promise<void> {
    const socket = this.#socket
    if (socket?.readyState !== WebSocket.OPEN) return
    await new Promise<void>((resolve) => {
      const done = () => {
        socket.off('pong', done).off('close', done)
        resolve()
      }
      socket.on('pong', done).on('close', done)
      socket.ping()
    })
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Jobs

  /** The next job that was not taken yet, of whichever kind or of the one asked for; waits for it. */
  nextJob(kind?: FakeJob['kind']): Promise<FakeJob> {
    return eventually(() => {
      const index = this.#unread.findIndex((job) => !kind || job.kind === kind)
      if (index < 0) throw new Error(`${this.id} was not sent a ${kind ?? 'job'}.`)
      return this.#unread.splice(index, 1)[0]!
    })
  }

  /** How often the node was sent a command. */
  deliveries(commandId: string): number {
    return this.received.filter((job) => job.kind === 'command' && job.commandId === commandId).length
  }

  /** From now on takes and ends every command at once, with what `run` says of it; cancellations are only confirmed. */
  autoRun(run: (job: FakeJob) => FakeResult | undefined = () => ({})): void {
    this.#answer = (job) => {
      this.ack(job)
      if (job.kind === 'cancel') return
      const result = run(job)
      if (result) this.finish(job, result)
    }
    for (const job of this.#unread.splice(0)) this.#answer(job)
  }

  ack(job: FakeJob, status: AckStatus = ackStatus.successful): void {
    const payload = formatAgentJobAck({
      jobId: job.jobId,
      acknowledgedMessageId: job.messageId,
      createdDate: new Date(job.createdDate).toISOString(),
      statusCode: status.statusCode,
      errorMessage: status.errorMessage,
    })
    this.send(messageType.agentJobAck, payload)
  }

  /** Sends a reply and returns its id. */
  reply(
    job: Pick<FakeJob, 'jobId' | 'topic'>,
    { status, steps = {}, trace = '', id = randomUUID() }: FakeReply,
  ): string {
    const results = Object.entries(steps).map(([name, result]) => [name, this.#stepResult(result)] as const)
    const content = formatReply({
      agent: { lang: 'en-US', name: 'amazon-ssm-agent', os: 'linux', osver: '1', ver: '3.2.0.0' },
      dateTime: this.#parts.now().toISOString(),
      statusCounts: { [status]: results.length },
      documentStatus: status,
      documentTraceOutput: trace,
      steps: Object.fromEntries(results),
    })
    return this.replyText(job, content, id)
  }

  /** Sends a reply whose content is not made here, and returns its id. */
  replyText(job: Pick<FakeJob, 'jobId' | 'topic'>, content: string, id: string = randomUUID()): string {
    const { jobId, topic } = job
    this.send(messageType.agentJobReply, formatAgentJobReply({ jobId, topic, content }), id)
    return id
  }

  /** Sends the last reply of a document of one step. */
  finish(job: FakeJob, result: FakeResult = {}): string {
    const { status } = this.#stepResult(result)
    return this.reply(job, { status, steps: { [stepNames(job)[0]!]: result } })
  }

  /** Takes the next command and ends it. */
  async runNext(result: FakeResult = {}): Promise<FakeJob> {
    const job = await this.nextJob('command')
    this.ack(job)
    this.finish(job, result)
    return job
  }

  /** Sends a piece of output, as our own agent does; the answer comes to `outputAcks`. */
  output(job: Pick<FakeJob, 'jobId'>, chunk: Omit<OutputChunk, 'jobId'>): void {
    this.send(messageType.stewardOutput, formatOutputChunk({ jobId: job.jobId, ...chunk }))
  }

  /** Sends a frame of any type. */
  send(type: string, payload: string | Uint8Array, messageId: string = randomUUID()): void {
    this.sendBytes(
      encodeAgentMessage({ messageType: type, messageId, createdDate: this.#parts.now().getTime(), payload }),
    )
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket?.send(bytes)
  }

  /** Resolves when the server has acknowledged a reply. */
  async untilAcknowledged(replyId: string): Promise<void> {
    await eventually(() => this.acknowledged.includes(replyId))
  }

  #receive(message: AgentMessage): void {
    if (message.messageType === messageType.agentJob) this.#receiveJob(message)
    if (message.messageType === messageType.agentJobReplyAck) {
      this.acknowledged.push(parseAgentJobReplyAck(message.payload).acknowledgedMessageId)
    }
    if (message.messageType === messageType.stewardOutputAck) this.outputAcks.push(parseOutputAck(message.payload))
  }

  #receiveJob({ payload, messageId, createdDate }: AgentMessage): void {
    const { jobId, topic, content } = parseAgentJob(payload)
    const kind = topic.startsWith(topicPrefix.cancelCommand) ? 'cancel' : 'command'
    const { commandId } = kind === 'cancel' ? parseCancelCommand(content) : parseJobId(jobId)
    const job: FakeJob = { kind, commandId, jobId, topic, content, messageId, createdDate }
    this.received.push(job)
    if (this.#answer) this.#answer(job)
    else this.#unread.push(job)
  }

  #stepResult({ code = 0, stdout = '', stderr = '', ...more }: FakeResult): StepResult {
    const now = this.#parts.now().toISOString()
    return {
      name: 'aws:runShellScript',
      status: code === 0 ? 'Success' : 'Failed',
      code,
      output: stderr ? `${stdout}\n----------ERROR-------\n${stderr}` : stdout,
      standardOutput: stdout,
      standardError: stderr,
      startDateTime: now,
      endDateTime: now,
      outputS3BucketName: '',
      outputS3KeyPrefix: '',
      stepName: '',
      ...more,
    }
  }

  // -------------------------------------------------------------------------------------------------------------------
  // The way in

  async #credentials(): Promise<Credentials> {
    const { keys } = this.#parts
    const prove = (request: SignableRequest) => signAsNode(request, this.id, keys.privateKey)
    const token = await call(this.#parts, 'RequestManagedInstanceRoleToken', { Fingerprint: this.#fingerprint }, prove)
    return {
      accessKeyId: String(token.AccessKeyId),
      secretAccessKey: String(token.SecretAccessKey),
      sessionToken: String(token.SessionToken),
    }
  }

  async #channelToken(credentials: Credentials): Promise<string> {
    const url = this.#channelUrl('')
    const body = JSON.stringify({ MessageSchemaVersion: '1.0', RequestId: randomUUID() })
    const headers = this.#signed('POST', url, { 'content-type': 'application/json' }, body, credentials)
    const response = await fetch(url, { method: 'POST', headers, body })
    const text = await response.text()
    const token = /<TokenValue>([^<]+)/.exec(text)?.[1]
    if (response.status !== 201 || !token) throw new Error(`CreateControlChannel: ${response.status} ${text}`)
    return token
  }

  #channelUrl(query: string): URL {
    return new URL(`/v1/control-channel/${this.id}${query}`, this.#parts.url)
  }

  #signed(method: string, url: URL, headers: Record<string, string>, body: string, credentials: Credentials) {
    const { region, now } = this.#parts
    const { host: _host, ...signed } = signRequest(
      { method, url, headers, body, service: 'ssmmessages', region, date: now() },
      credentials,
    )
    return signed
  }
}

/** One call of the API as agents make it; `prove` makes the headers to send. */
async function call(
  { url, region, now }: FakeAgentParts,
  operation: string,
  input: object,
  prove: (request: SignableRequest) => Record<string, string>,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify(input)
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` }
  const request = { method: 'POST', url: new URL(url), headers, body, service: 'ssm', region, date: now() }
  const { host: _host, ...sent } = prove(request)
  const response = await fetch(url, { method: 'POST', headers: sent, body })
  const answer = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(answer)}`)
  return answer
}

/** The names under which the steps of a job's document report. */
export function stepNames({ content }: FakeJob): string[] {
  const { mainSteps, runtimeConfig } = parseSendCommand(content).documentContent
  if (Array.isArray(mainSteps)) return mainSteps.map(({ name }: { name: string }) => name)
  return Object.keys(runtimeConfig ?? {})
}
