/*
 * A server for the agent's tests: registers anybody, gives tokens, opens control channels, sends jobs and collects what
 * comes back. It checks the agent's RSA signatures itself and keeps every request for assertions.
 */
import { constants, createHash, createPublicKey, randomUUID, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  type AgentJobAck,
  type AgentMessage,
  decodeAgentMessage,
  encodeAgentMessage,
  formatAgentJob,
  formatAgentJobReplyAck,
  formatCancelCommand,
  formatOutputAck,
  formatSendCommand,
  type JsonObject,
  jobIdOf,
  messageType,
  type OutputChunk,
  parseAgentJobAck,
  parseAgentJobReply,
  parseOutputChunk,
  parseReply,
  parseTokenFrame,
  type Reply,
  serverHeader,
} from '@steward/protocol'
import {
  formatInteractiveShell,
  formatTaskAcknowledge,
  type InteractiveShell,
  parseTaskComplete,
  type TaskComplete,
} from '@steward/protocol/session/index.ts'
import { type WebSocket, WebSocketServer } from 'ws'
import { StubSession } from '#testing/stub-session.ts'
import { StubStateManager } from '#testing/stub-state-manager.ts'

export type ReceivedReply = { jobId: string; topic: string; messageId: string; reply: Reply }

export type SentCommand = { commandId: string; jobId: string }

export class StubServer {
  /** Replies in the order of their arrival, resent ones included. */
  readonly replies: ReceivedReply[] = []
  readonly acks: AgentJobAck[] = []
  readonly calls: { operation: string; input: JsonObject }[] = []
  readonly chunks: OutputChunk[] = []
  readonly sessions = new Map<string, StubSession>()
  /** Ends of sessions, repeated ones included. */
  readonly completes: TaskComplete[] = []
  readonly parameters = new Map<string, { Type: string; Value: string; Version: number }>()
  readonly documents = new Map<string, string>()
  readonly stateManager = new StubStateManager()
  readonly nodeId = `mi-${randomUUID().replaceAll('-', '').slice(0, 17)}`
  publicKey = ''
  /** The agent that it has for others; undefined for none. */
  served: { version: string; program: string; sha256?: string } | undefined
  /** Switches that a test turns. */
  acknowledgeReplies = true
  acknowledgeOutput = true
  refuseChannels = false
  steward = true
  stopOutputAt = Number.POSITIVE_INFINITY
  updateKeyPair = false
  tokenSeconds = 3600
  upgradeHeaders: IncomingMessage['headers'] = {}
  readonly #http: Server
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #changed = new Set<() => void>()
  readonly #delays = new Map<string, Promise<void>>()
  #channel: WebSocket | undefined

  private constructor(tls: boolean) {
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response)
    this.#http = tls
      ? createTlsServer({ key: fixture('server.key'), cert: fixture('server.pem') }, serve)
      : createServer(serve)
  }

  static async start(tls = false): Promise<StubServer> {
    const server = new StubServer(tls)
    server.#sockets.on('headers', (headers) => {
      if (server.steward) headers.push(`${serverHeader}: 1`)
    })
    server.#http.on('upgrade', (request, socket, head) => {
      const session = server.#sessionOf(request.url)
      if (!session) server.upgradeHeaders = request.headers
      server.#sockets.handleUpgrade(request, socket, head, (channel) =>
        session ? session.opened(channel) : server.#opened(channel),
      )
    })
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve))
    return server
  }

  get url(): string {
    return `${this.#http instanceof TlsServer ? 'https' : 'http'}://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  get connected(): boolean {
    return this.#channel !== undefined
  }

  /** Ends the sessions that a test left open, so that their workers do not outlive it. */
  async endSessions(): Promise<void> {
    if (!this.connected) return
    this.acknowledgeReplies = true
    const over = new Set(this.completes.map(({ sessionId }) => sessionId))
    const open = [...this.sessions.values()].filter(({ sessionId, opens }) => opens > 0 && !over.has(sessionId))
    for (const session of open) session.terminate()
    await Promise.all(open.map((session) => session.ended()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disconnect()
    for (const session of this.sessions.values()) session.disconnect()
    this.#http.closeAllConnections()
    await new Promise((resolve) => this.#http.close(resolve))
  }

  /** Cuts the control channel without a word. */
  disconnect(): void {
    this.#channel?.terminate()
    this.#channel = undefined
  }

  /** Lets the control channel go silent without closing it, as a pulled cable does. */
  fallSilent(): void {
    this.#channel?.pause()
    this.#channel = undefined
  }

  /** Waits until `look` finds something; fails after a while with what was expected. */
  until<T>(what: string, look: () => T | undefined | false, patienceMs = 20_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = look()
        if (found === undefined || found === false) return
        this.#changed.delete(check)
        clearTimeout(timer)
        resolve(found)
      }
      const timer = setTimeout(() => {
        this.#changed.delete(check)
        reject(new Error(`Waited in vain for ${what}`))
      }, patienceMs)
      this.#changed.add(check)
      check()
    })
  }

  untilConnected(): Promise<true> {
    return this.until('a control channel', () => this.connected)
  }

  /** Sends a command with that document; `commandId` may be one that was sent before. */
  send(document: JsonObject, parameters: JsonObject = {}, commandId: string = randomUUID()): SentCommand {
    const content = formatSendCommand({
      commandId,
      documentName: 'Test',
      documentContent: document,
      parameters,
      outputS3BucketName: '',
      outputS3KeyPrefix: '',
      cloudWatchLogGroupName: '',
      cloudWatchOutputEnabled: false,
    })
    const jobId = jobIdOf(commandId, this.nodeId)
    this.sendJob(jobId, 'aws.ssm.sendCommand.us-east-1', content)
    return { commandId, jobId }
  }

  /** Sends a one-step shell script. */
  sendScript(...lines: string[]): SentCommand {
    return this.send(shellDocument(lines))
  }

  /** Cancels a command, or an association. */
  cancel({ jobId: cancelled }: { jobId: string; commandId?: string }): string {
    const jobId = jobIdOf(randomUUID(), this.nodeId)
    this.sendJob(jobId, 'aws.ssm.cancelCommand.us-east-1', formatCancelCommand(cancelled))
    return jobId
  }

  sendJob(jobId: string, topic: string, content: string): void {
    this.sendFrame(messageType.agentJob, formatAgentJob({ jobId, topic, content }))
  }

  sendFrame(type: string, payload: string): void {
    this.#channel!.send(
      encodeAgentMessage({ messageType: type, messageId: randomUUID(), createdDate: Date.now(), payload }),
    )
  }

  /** Keeps the next answer of an operation, which is made when it is asked for, on its way until that is resolved. */
  delayAnswer(operation: string, until: Promise<void>): void {
    this.#delays.set(operation, until)
  }

  #takeDelay(operation: string): Promise<void> | undefined {
    const delay = this.#delays.get(operation)
    this.#delays.delete(operation)
    return delay
  }

  sendBytes(bytes: Uint8Array): void {
    this.#channel!.send(bytes)
  }

  /** The acknowledgement of a job. */
  ack(command: SentCommand): Promise<AgentJobAck> {
    return this.until(`the acknowledgement of ${command.jobId}`, () =>
      this.acks.find(({ jobId }) => jobId === command.jobId),
    )
  }

  repliesOf(command: SentCommand): Reply[] {
    return this.replies.filter(({ jobId }) => jobId === command.jobId).map(({ reply }) => reply)
  }

  /** The last reply of a command. */
  final(command: SentCommand, patienceMs?: number): Promise<Reply> {
    const isFinal = ({ documentStatus }: Reply) => !['InProgress', 'SuccessAndReboot'].includes(documentStatus)
    return this.until(`the end of ${command.jobId}`, () => this.repliesOf(command).find(isFinal), patienceMs)
  }

  /** What came over the output extension, by stream, with repeated chunks in their place. */
  output(command: SentCommand, step: string, stream: 'stdout' | 'stderr'): Buffer {
    const chunks = this.chunks.filter(
      (chunk) => chunk.jobId === command.jobId && chunk.step === step && chunk.stream === stream,
    )
    const size = Math.max(0, ...chunks.map(({ offset, data }) => offset + data.length))
    const whole = Buffer.alloc(size)
    for (const { offset, data } of chunks) whole.set(data, offset)
    return whole
  }

  #opened(channel: WebSocket): void {
    channel.once('message', (data) => {
      parseTokenFrame(data as Buffer)
      this.#channel = channel
      channel.on('message', (bytes) => this.#received(decodeAgentMessage(bytes as Buffer)))
      this.tell()
    })
    channel.on('close', () => {
      if (this.#channel === channel) this.#channel = undefined
      this.tell()
    })
  }

  #received(message: AgentMessage): void {
    switch (message.messageType) {
      case messageType.agentJobAck:
        this.acks.push(parseAgentJobAck(message.payload))
        break
      case messageType.agentJobReply:
        this.#receivedReply(message)
        break
      case messageType.agentTaskComplete:
        this.#receivedTaskComplete(message)
        break
      case messageType.stewardOutput:
        this.#receivedOutput(parseOutputChunk(message.payload))
        break
    }
    this.tell()
  }

  #receivedReply(message: AgentMessage): void {
    const { jobId, topic, content } = parseAgentJobReply(message.payload)
    this.replies.push({ jobId, topic, messageId: message.messageId, reply: parseReply(content) })
    if (!this.acknowledgeReplies) return
    this.sendFrame(
      messageType.agentJobReplyAck,
      formatAgentJobReplyAck({ jobId, acknowledgedMessageId: message.messageId }),
    )
  }

  #receivedTaskComplete({ payload, messageId }: AgentMessage): void {
    const complete = parseTaskComplete(payload)
    this.completes.push(complete)
    if (!this.acknowledgeReplies) return
    const { sessionId } = complete
    this.sendFrame(messageType.agentTaskAcknowledge, formatTaskAcknowledge({ messageId, sessionId }))
  }

  #receivedOutput(chunk: OutputChunk): void {
    this.chunks.push({ ...chunk, data: Buffer.from(chunk.data) })
    if (!this.acknowledgeOutput) return
    const { jobId, step, stream } = chunk
    const offset = chunk.offset + chunk.data.length
    this.sendFrame(
      messageType.stewardOutputAck,
      formatOutputAck({ jobId, step, stream, offset, stop: offset >= this.stopOutputAt }),
    )
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    if (request.url?.startsWith('/v1/control-channel/')) return this.#createChannel(response)
    if (request.url?.startsWith('/v1/data-channel/')) return this.#createDataChannel(request, response)
    if (request.url?.startsWith('/install/')) return this.#serveAgent(request.url, response)
    const operation = String(request.headers['x-amz-target'] ?? '').replace('AmazonSSM.', '')
    const input = body ? (JSON.parse(body) as JsonObject) : {}
    this.calls.push({ operation, input })
    const [status, answer] = this.#answer(operation, input, request)
    this.tell()
    await this.#takeDelay(operation)
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer))
    this.tell()
  }

  #serveAgent(path: string, response: ServerResponse): void {
    if (!this.served) {
      response.writeHead(404).end()
      return
    }
    const { version, program, sha256 = sha256Hex(program) } = this.served
    response.writeHead(200).end(path === '/install/agent.json' ? JSON.stringify({ version, sha256 }) : program)
  }

  /** Starts a session with that document; its client is in the answer. */
  startSession(documentContent: JsonObject, start: Partial<InteractiveShell> = {}): StubSession {
    const sessionId = start.sessionId ?? `tester-${randomUUID().slice(0, 8)}`
    const session = new StubSession(sessionId, this)
    this.sessions.set(sessionId, session)
    const asked = { documentName: 'Test', documentContent, parameters: {}, runAsUser: '', sessionOwner: 'arn:tester' }
    this.sendFrame(messageType.interactiveShell, formatInteractiveShell({ ...asked, ...start, sessionId }))
    return session
  }

  #sessionOf(path = ''): StubSession | undefined {
    const sessionId = /^\/v1\/data-channel\/([^/?]+)/.exec(path)?.[1]
    return sessionId ? this.sessions.get(sessionId) : undefined
  }

  #createDataChannel(request: IncomingMessage, response: ServerResponse): void {
    const session = this.#sessionOf(request.url)
    if (session && !session.refusal) this.#createChannel(response)
    else response.writeHead(400).end(session?.refusal ?? 'Session is already terminated')
  }

  #createChannel(response: ServerResponse): void {
    if (this.refuseChannels) {
      response.writeHead(403).end('<AccessDeniedException/>')
      return
    }
    response.writeHead(201, { 'content-type': 'text/xml' })
    response.end('<R><MessageSchemaVersion>1.0</MessageSchemaVersion><TokenValue>t&amp;1</TokenValue></R>')
  }

  #answer(operation: string, input: JsonObject, request: IncomingMessage): [number, JsonObject] {
    switch (operation) {
      case 'RegisterManagedInstance':
        this.publicKey = String(input.PublicKey)
        return [200, { InstanceId: this.nodeId }]
      case 'RequestManagedInstanceRoleToken':
        if (!this.#isSignedByNode(request)) return [400, { __type: 'AccessDeniedException', message: 'bad signature' }]
        return [200, this.#token()]
      case 'UpdateManagedInstancePublicKey':
        if (!this.#isSignedByNode(request)) return [400, { __type: 'AccessDeniedException', message: 'bad signature' }]
        this.publicKey = String(input.NewPublicKey)
        return [200, {}]
      case 'TrentService.Decrypt':
        return String(input.CiphertextBlob).length < 64
          ? [400, { __type: 'AccessDeniedException', message: 'not for you' }]
          : [200, { Plaintext: input.CiphertextBlob }]
      case 'UpdateInstanceInformation':
        return [200, {}]
      case 'GetParameters':
        return [200, this.#getParameters(input.Names as string[])]
      case 'GetDocument': {
        const Content = this.documents.get(String(input.Name))
        return Content === undefined
          ? [400, { __type: 'InvalidDocument', message: 'no such document' }]
          : [200, { Content }]
      }
      default:
        return (
          this.stateManager.answer(operation, input) ?? [
            400,
            { __type: 'UnknownOperationException', message: operation },
          ]
        )
    }
  }

  #token(): JsonObject {
    return {
      AccessKeyId: 'ASIATEST',
      SecretAccessKey: 'secret',
      SessionToken: 'token',
      UpdateKeyPair: this.updateKeyPair,
      TokenExpirationDate: Math.floor(Date.now() / 1000) + this.tokenSeconds,
    }
  }

  #getParameters(names: string[]): JsonObject {
    const plain = (name: string) => name.replace(/:\d+$/, '')
    const known = names.filter((name) => this.parameters.has(plain(name)))
    return {
      Parameters: known.map((name) => ({ Name: plain(name), ...this.parameters.get(plain(name)) })),
      InvalidParameters: names.filter((name) => !known.includes(name)),
    }
  }

  #isSignedByNode({ headers }: IncomingMessage): boolean {
    const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date'])) ?? []
    if (Math.abs(Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) - Date.now()) > 300_000) return false
    const [, credential = '', names = '', signature = ''] =
      /Credential=([^,]+), SignedHeaders=([^,]+), Signature=(.+)$/.exec(headers.authorization ?? '') ?? []
    const lines = names.split(';').map((name) => `${name}:${headers[name]}`)
    const canonical = ['POST', '/', '', ...lines, '', names, headers['x-amz-content-sha256']].join('\n')
    const scope = credential.split('/').slice(1).join('/')
    const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256Hex(canonical)].join('\n')
    const key = createPublicKey({ key: Buffer.from(this.publicKey, 'base64'), format: 'der', type: 'spki' })
    const padding = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    return verify('sha256', Buffer.from(text), padding, Buffer.from(signature, 'base64'))
  }

  /** Looks again at what tests wait for. */
  tell(): void {
    for (const check of [...this.#changed]) check()
  }
}

/** A file of the test authority: `ca.pem` signed `server.pem`, which is for 127.0.0.1. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8')
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A schema 2.2 document of one shell step named `run`. */
export function shellDocument(lines: string[], inputs: JsonObject = {}): JsonObject {
  return stepsDocument({ run: { runCommand: lines, ...inputs } })
}

/** A schema 2.2 document of shell steps by name. */
export function stepsDocument(steps: { [name: string]: JsonObject }): JsonObject {
  return {
    schemaVersion: '2.2',
    mainSteps: Object.entries(steps).map(([name, inputs]) => ({ action: 'aws:runShellScript', name, inputs })),
  }
}
