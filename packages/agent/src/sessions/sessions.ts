/*
 * The sessions of this node as the agent sees them: a worker process for each, and what is to be told of those that ended. The
 * workers outlive the agent; what they leave in their folders is taken up by whichever agent is there. That a session is over
 * is told again, with the same id, until the server has acknowledged it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { messageType } from '@steward/protocol'
import {
  formatTaskComplete,
  type InteractiveShell,
  parseChannelClosed,
  parseInteractiveShell,
  parseTaskAcknowledge,
} from '@steward/protocol/session/index.ts'
import type { Credentials } from '@steward/protocol/signature.ts'
import type { SendFrame } from '#commands/reply-outbox.ts'
import type { SessionSettings } from '#configuration.ts'
import { type Log, sentenceOf } from '#log.ts'
import { ownProgram } from '#own-program.ts'
import type { Endpoint } from '#server/ssm-client.ts'
import { requestDataChannelToken } from '#sessions/connection.ts'
import { isSessionId, SessionFolder, type SessionResult, sessionIds } from '#sessions/session-folder.ts'
import { endedWell } from '#sessions/session-kind.ts'
import { noPlaces } from '#sessions/transcript.ts'
import { defaultSessionLimits, type SessionLimits, type WorkerOrder } from '#sessions/worker-order.ts'
import type { StateDirectory } from '#state-directory.ts'

export type SessionsOptions = {
  state: StateDirectory
  nodeId: string
  endpoint: Endpoint
  settings: SessionSettings
  /** Valid now, and shared in the credentials file. */
  credentials(): Promise<Credentials>
  send: SendFrame
  newId(): string
  log: Log
  limits?: Partial<SessionLimits>
}

/** A session that runs; `pid` once its worker does. */
type Running = { pid: number | undefined; ended: boolean; adopted: boolean }

/** An end that the server has not acknowledged. */
type Report = { messageId: string; sent: number; sentAt: number; result: SessionResult }

const mostSessions = 1000
const lookEveryMs = 1000
const laterRepeatMs = 30_000

export class Sessions {
  readonly #options: SessionsOptions
  readonly #running = new Map<string, Running>()
  readonly #reports = new Map<string, Report>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** Takes up what an earlier agent left: sessions that run, and ends that were not told. */
  recover(): void {
    for (const sessionId of sessionIds(this.#options.state.sessions)) {
      this.#running.set(sessionId, { pid: this.#folder(sessionId).worker(), ended: false, adopted: true })
    }
    this.#look()
  }

  /** interactive_shell. A session that is known is not started again: the server repeats itself when it hears nothing. */
  async start(payload: Uint8Array): Promise<void> {
    const start = parseInteractiveShell(payload)
    const { sessionId } = start
    if (!isSessionId(sessionId)) throw new Error('a session id that cannot name a folder')
    if (this.#running.has(sessionId) || this.#reports.has(sessionId)) return
    if (this.#running.size >= mostSessions) return this.#report(sessionId, failed('This node has too many sessions.'))
    const running: Running = { pid: undefined, ended: false, adopted: false }
    this.#running.set(sessionId, running)
    try {
      await this.#spawn(start, running, await this.#options.credentials())
    } catch (error) {
      this.#running.delete(sessionId)
      this.#report(sessionId, failed(`The session could not be started: ${sentenceOf(error)}`))
    }
  }

  /** channel_closed: the server ends a session. */
  end(payload: Uint8Array): void {
    const running = this.#running.get(parseChannelClosed(payload).sessionId)
    if (!running) return
    running.ended = true
    if (running.pid !== undefined) askToEnd(running.pid)
  }

  /** agent_task_acknowledge. */
  acknowledged(payload: Uint8Array): void {
    const { sessionId } = parseTaskAcknowledge(payload)
    if (this.#reports.delete(sessionId)) this.#folder(sessionId).remove()
  }

  /** A new connection: what the server did not acknowledge is told at once. */
  connected(): void {
    for (const [sessionId, report] of this.#reports) this.#tell(sessionId, report)
  }

  /** Tells nothing any more; sessions go on. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #folder(sessionId: string): SessionFolder {
    return new SessionFolder(this.#options.state.sessions, sessionId)
  }

  #order(start: InteractiveShell, token: string | undefined): WorkerOrder {
    const { state, nodeId, endpoint, settings, limits } = this.#options
    const { url, region, ca, clock } = endpoint
    const places = { credentials: state.credentials, sessions: state.sessions, compiled: state.compiled }
    const aheadMs = clock.now() - Date.now()
    return {
      start,
      token,
      nodeId,
      url,
      region,
      ca,
      aheadMs,
      settings,
      ...places,
      limits: { ...defaultSessionLimits, ...limits },
    }
  }

  async #spawn(start: InteractiveShell, running: Running, credentials: Credentials): Promise<void> {
    const { sessionId } = start
    const folder = this.#folder(sessionId)
    await folder.create()
    const token = this.#requestToken(sessionId, credentials)
    const child = startWorker(folder, this.#options.state.compiled)
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    child.once('exit', () => this.#over(sessionId))
    child.stdin!.on('error', () => {})
    child.unref()
    running.pid = child.pid!
    folder.setWorker(running.pid)
    this.#options.log.info('a session began', { sessionId, pid: running.pid })
    if (running.ended) askToEnd(running.pid)
    child.stdin!.end(JSON.stringify(this.#order(start, await token)))
  }

  /** The token for the data channel, asked for while the worker starts. The worker asks again itself if there is none. */
  async #requestToken(sessionId: string, credentials: Credentials): Promise<string | undefined> {
    const { endpoint, newId } = this.#options
    try {
      return await requestDataChannelToken({ endpoint, sessionId, credentials, requestId: newId() })
    } catch {
      return undefined
    }
  }

  #over(sessionId: string): void {
    const ended = this.#running.get(sessionId)?.ended
    this.#running.delete(sessionId)
    const folder = this.#folder(sessionId)
    // Who is asked to end while still starting leaves nothing.
    const otherwise = ended
      ? { ...endedWell, ...noPlaces }
      : failed(`The session's process was ended. ${folder.lastWords()}`.trim())
    const result = folder.result() ?? otherwise
    this.#options.log.info('a session is over', { sessionId, status: result.status })
    this.#report(sessionId, result)
  }

  #report(sessionId: string, result: SessionResult): void {
    const report = { messageId: this.#options.newId(), sent: 0, sentAt: 0, result }
    this.#reports.set(sessionId, report)
    this.#tell(sessionId, report)
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref()
  }

  #tell(sessionId: string, report: Report): void {
    const { status, output, s3Bucket, s3UrlSuffix, cwlGroup, cwlStream } = report.result
    const where = { s3Bucket, s3UrlSuffix, cwlGroup, cwlStream }
    report.sent += 1
    report.sentAt = performance.now()
    const { nodeId, send } = this.#options
    const payload = formatTaskComplete({ sessionId, status, output, nodeId, ...where, retryNumber: report.sent })
    send({ messageType: messageType.agentTaskComplete, messageId: report.messageId, payload })
  }

  /**
   * Looks after what nobody tells: workers of an earlier agent are no children of ours, so that their end is only seen; and the
   * server may have missed what it was told.
   */
  #look(): void {
    for (const [sessionId, { adopted }] of this.#running) {
      if (adopted && this.#folder(sessionId).worker() === undefined) this.#over(sessionId)
    }
    const now = performance.now()
    for (const [sessionId, report] of this.#reports) {
      const patienceMs = report.sent < 3 ? lookEveryMs / 2 : laterRepeatMs
      if (now - report.sentAt > patienceMs) this.#tell(sessionId, report)
    }
    const idle = this.#reports.size === 0 && ![...this.#running.values()].some(({ adopted }) => adopted)
    if (idle) this.stop()
    else this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref()
  }
}

function failed(output: string): SessionResult {
  return { status: 'Failed', output, ...noPlaces }
}

/** Starts this very program as a worker. Its compiled code is kept, so that the next one starts sooner. */
function startWorker(folder: SessionFolder, compiled: string): ChildProcess {
  const log = openSync(folder.log, 'a', 0o600)
  try {
    return spawn(process.execPath, [ownProgram(), 'session-worker'], {
      stdio: ['pipe', 'ignore', log],
      env: { NODE_COMPILE_CACHE: compiled, ...process.env },
      detached: true,
    })
  } finally {
    closeSync(log)
  }
}

function askToEnd(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // Gone already.
  }
}
