/*
 * A session's worker: one process for one session, so that it outlives the agent and cannot harm it. It gets its order on
 * standard input, opens the data channel, runs the session and leaves the result in the session's folder. SIGTERM ends the
 * session.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Log, lineLog, sentenceOf } from '#log.ts'
import { ServerClock } from '#server/server-clock.ts'
import type { Endpoint } from '#server/ssm-client.ts'
import { Connection } from '#sessions/connection.ts'
import { needsHandshake, shakeHands, unknownClient } from '#sessions/handshake.ts'
import { checkPort, openKind } from '#sessions/open-kind.ts'
import { SessionChannel } from '#sessions/session-channel.ts'
import { SessionFolder, type SessionResult } from '#sessions/session-folder.ts'
import { endedWell, type SessionEnd, type SessionKind } from '#sessions/session-kind.ts'
import { readSessionRequest, type SessionRequest } from '#sessions/session-request.ts'
import { sessionUser } from '#sessions/session-user.ts'
import { sharedCredentials } from '#sessions/shared-credentials.ts'
import { noTranscript, type Transcript } from '#sessions/transcript.ts'
import type { User } from '#sessions/user.ts'
import type { WorkerOrder } from '#sessions/worker-order.ts'

/** Runs the session whose order is on standard input, and exits. */
export async function runWorker(): Promise<void> {
  // It was for this process; what the session starts keeps its own.
  delete process.env.NODE_COMPILE_CACHE
  const order = JSON.parse(readFileSync(0, 'utf8')) as WorkerOrder
  const log = lineLog((line) => process.stderr.write(line))
  const worker = new Worker(order, log)
  process.on('SIGTERM', () => worker.end(endedWell))
  process.on('uncaughtException', (error) => worker.fail(error))
  try {
    await worker.folder.setResult(await worker.run())
  } catch (error) {
    log.error('the end of the session could not be kept', { why: sentenceOf(error) })
  }
  process.exit(0)
}

class Worker {
  readonly folder: SessionFolder
  readonly #order: WorkerOrder
  readonly #log: Log
  readonly #endpoint: Endpoint
  readonly #channel: SessionChannel
  readonly #connection: Connection
  readonly #admitted: Promise<void>
  readonly #ended: Promise<SessionEnd>
  #admit: () => void = () => {}
  #resolveEnd: (end: SessionEnd) => void = () => {}
  #endFromOutside: SessionEnd | undefined
  #kind: SessionKind | undefined
  #transcript = noTranscript
  #connectedBefore = false

  readonly #credentials = async () => sharedCredentials(this.#order.credentials)

  constructor(order: WorkerOrder, log: Log) {
    const { url, region, ca, aheadMs, start, token, nodeId, limits } = order
    this.folder = new SessionFolder(order.sessions, start.sessionId)
    this.#order = order
    this.#log = log
    this.#endpoint = { url, region, ca, clock: new ServerClock(() => Date.now() + aheadMs) }
    this.#admitted = new Promise((resolve) => {
      this.#admit = resolve
    })
    this.#ended = new Promise((resolve) => {
      this.#resolveEnd = resolve
    })
    this.#channel = new SessionChannel(() => this.end(endedWell))
    this.#connection = new Connection({
      endpoint: this.#endpoint,
      sessionId: start.sessionId,
      nodeId,
      token,
      credentials: this.#credentials,
      log,
      newId: randomUUID,
      patienceMs: limits.patienceMs,
      onAdmitted: () => this.#admit(),
      onOpen: (write) => this.#connected(write),
      onClose: () => this.#channel.disconnected(),
      onFrame: (frame) => this.#received(frame),
      onGivenUp: (why) => this.end({ status: 'Failed', output: `The node cannot reach the session: ${why}` }),
    })
  }

  async run(): Promise<SessionResult> {
    this.#connection.start()
    const byItself = this.#work().catch((error: unknown) => this.#failure(error))
    const first = await Promise.race([byItself, this.#ended])
    // Stopping a session also ends it by itself, and that must not hide why it was stopped.
    const end = this.#endFromOutside ?? first
    this.#connection.stop()
    this.#channel.stop()
    const places = await this.#transcript.finish((why) => this.#log.warn(why))
    return { ...end, ...places }
  }

  /** Ends the session from outside. The first reason is the one that counts. */
  end(end: SessionEnd): void {
    this.#endFromOutside ??= end
    void Promise.resolve(this.#kind?.stop()).finally(() => this.#resolveEnd(end))
  }

  /** Ends the session because something went wrong that never should. */
  fail(error: unknown): void {
    this.end(this.#failure(error))
  }

  async #work(): Promise<SessionEnd> {
    const { start, limits, nodeId, settings, compiled } = this.#order
    const request = await readSessionRequest(start, (names) => this.#getParameters(names))
    // Looked up while the channel opens; who is asked for in vain is told when it is his turn.
    const user = request.sessionType === 'Port' ? undefined : sessionUser(request, settings)
    user?.catch(() => {})
    await this.#admitted
    if (request.sessionType === 'Port') await checkPort(request)
    const kms = { endpoint: this.#endpoint, credentials: this.#credentials }
    const client = needsHandshake(request)
      ? await shakeHands(this.#channel, request, { nodeId, kms, timeoutMs: limits.handshakeMs })
      : unknownClient
    const openTranscript = (request: SessionRequest, user: User) => this.#openTranscript(request, user)
    const kind = await openKind(this.#channel, request, client, { user, settings, compiled, openTranscript })
    this.#kind = kind
    this.#channel.listen((message) => kind.received(message))
    const end = await kind.run()
    // Who reads a command's output may take any time over it: how long nothing happens at all is the server's to limit.
    const drainMs = client.standardInput ? Number.POSITIVE_INFINITY : limits.drainMs
    await this.#channel.drained(drainMs, limits.patienceMs)
    if (request.sessionType !== 'Port') this.#channel.tellState(start.sessionId, 'Terminating')
    return end
  }

  #connected(write: (frame: Uint8Array) => void): void {
    this.#channel.connected(write)
    if (!this.#connectedBefore) this.#channel.tellState(this.#order.start.sessionId, 'Connected')
    this.#connectedBefore = true
  }

  #received(frame: Uint8Array): void {
    try {
      this.#channel.received(frame)
    } catch (error) {
      this.fail(error)
    }
  }

  /** Loaded only here: most sessions are not logged to elsewhere. */
  async #openTranscript(request: SessionRequest, user: User): Promise<Transcript> {
    const { s3BucketName, cloudWatchLogGroupName } = request.logging
    if (s3BucketName === '' && cloudWatchLogGroupName === '') return noTranscript
    const [{ openTranscript }, { outputServices }] = await Promise.all([
      import('#sessions/transcript.ts'),
      import('#outputs/output-services.ts'),
    ])
    const { nodeId, region } = this.#order
    const services = outputServices(this.#endpoint, this.#credentials)
    const where = { folder: this.folder.path, nodeId, region, runAsUser: user.name }
    this.#transcript = await openTranscript({ request, services, ...where })
    return this.#transcript
  }

  /** Loaded only here: hardly any session document refers to parameters. */
  async #getParameters(names: string[]) {
    const { SsmClient } = await import('#server/ssm-client.ts')
    const client = new SsmClient(this.#endpoint, this.#credentials)
    return client.getParameters(names, false)
  }

  #failure(error: unknown): SessionEnd {
    this.#log.error('the session failed', { why: sentenceOf(error) })
    return { status: 'Failed', output: sentenceOf(error) }
  }
}
