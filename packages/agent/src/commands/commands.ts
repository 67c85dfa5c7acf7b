/*
 * The commands of this node: which wait, which run, which are over but not yet known to the server. A job is
 * acknowledged only after it is in the journal, and a journal is given up only after the server has every reply, so at
 * any moment a crash leaves each command either with the server or here. A command is recognised by its id for as long
 * as its journal is kept, in whichever folder; that is what keeps a job that is delivered twice from running twice.
 */
import { existsSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type AckStatus,
  type AgentJob,
  ackStatus,
  jobIdOf,
  ProtocolError,
  parseCancelCommand,
  parseJobId,
  parseSendCommand,
  topicPrefix,
} from '@steward/protocol'
import { type CommandHost, cancelWaiting, executeCommand, sendReply } from '#commands/execute-command.ts'
import { CorruptJournal, Journal } from '#commands/journal.ts'
import { emptyState } from '#commands/journal-record.ts'
import { replyContent } from '#commands/reply.ts'
import { stepFolderOf, stepStreams } from '#commands/run-step.ts'
import { parseDocument } from '#document/document.ts'
import { DocumentError } from '#document/document-error.ts'
import { sentenceOf } from '#log.ts'
import type { StateDirectory } from '#state-directory.ts'
import { Cancelled, Detached } from '#stop-reason.ts'

export type CommandLimits = {
  /** RC-24: how many commands run at once, besides those that only have the node look for its associations. */
  parallel: number
  /** How many more wait for their turn before the server is told to come back later. */
  waiting: number
}

/** What the commands of a node need of the agent. */
export type CommandsHost = Omit<CommandHost, 'settled' | 'outputFolder'>

type Active = { journal: Journal; controller: AbortController }

export class Commands {
  readonly #state: StateDirectory
  readonly #nodeId: string
  readonly #host: CommandHost
  readonly #limits: CommandLimits
  readonly #running = new Map<string, Active>()
  /** In the order in which they will run. */
  #waiting: { commandId: string; journal: Journal }[] = []
  /** Over, but the server has not acknowledged everything. */
  readonly #reported = new Map<string, Journal>()
  readonly #accepting = new Map<string, Promise<AckStatus>>()
  #lastOrder = 0
  /** Orders of the jobs that are being written down: what came after them waits, however quick the disk was with it. */
  readonly #beingWritten = new Set<number>()
  #stopped = false

  constructor(state: StateDirectory, nodeId: string, host: CommandsHost, limits: CommandLimits) {
    this.#state = state
    this.#nodeId = nodeId
    const outputFolder = (commandId: string) => `${commandId}/${nodeId}`
    this.#host = { ...host, outputFolder, settled: (commandId) => this.#retire(commandId) }
    this.#limits = limits
    host.reboot.onStay(() => this.#next())
  }

  /** How many commands are running and waiting. */
  get count(): { running: number; waiting: number } {
    return { running: this.#running.size, waiting: this.#waiting.length }
  }

  /** Takes up what an earlier agent left behind. */
  async recover(): Promise<void> {
    const left: { commandId: string; journal: Journal }[] = []
    for (const commandId of await readdir(this.#state.journal)) {
      const journal = await this.#reopen(commandId)
      if (journal) left.push({ commandId, journal })
    }
    this.#lastOrder = Math.max(0, ...left.map(({ journal }) => orderOf(journal)))
    // Those that had begun first: their scripts may be running.
    left.sort(
      (a, b) =>
        Number(!a.journal.state.began) - Number(!b.journal.state.began) || orderOf(a.journal) - orderOf(b.journal),
    )
    for (const { commandId, journal } of left) await this.#takeUp(commandId, journal)
    if (left.some(({ journal }) => this.#host.reboot.isAhead(journal.state.rebooting?.boot))) this.#host.reboot.expect()
    // What has begun is not kept from going on by a restart that is still to come, or from waiting for it.
    if (this.#host.reboot.isComing) this.#runBegun()
    this.#next()
  }

  /** Takes a job that runs a command; the answer goes back as its acknowledgement. */
  async accept(job: AgentJob): Promise<AckStatus> {
    if (this.#stopped || this.#host.reboot.isComing) return ackStatus.closedProcessor
    let commandId: string
    try {
      const { commandId: id, nodeId } = parseJobId(job.jobId)
      if (nodeId !== this.#nodeId || !/^[\w-]{1,64}$/.test(id)) return ackStatus.agentJobMessageParseError
      commandId = id
    } catch {
      return ackStatus.agentJobMessageParseError
    }
    if (this.#accepting.has(commandId) || this.#isKnown(commandId)) return ackStatus.duplicateCommand
    if (this.#waiting.length >= this.#limits.waiting) return ackStatus.processorBufferFull
    const accepting = this.#writeDown(commandId, job)
    this.#accepting.set(commandId, accepting)
    try {
      return await accepting
    } catch (error) {
      this.#host.log.error('a job cannot be written down', { commandId, why: sentenceOf(error) })
      return ackStatus.unexpectedError
    } finally {
      this.#accepting.delete(commandId)
    }
  }

  /** Takes a job that cancels a command. Cancelling what is over, or was never here, changes nothing. */
  async cancel(job: AgentJob): Promise<AckStatus> {
    let commandId: string
    try {
      commandId = parseCancelCommand(job.content).commandId
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      return ackStatus.agentJobMessageParseError
    }
    // The job of the command itself may be a moment older than this one.
    await this.#accepting.get(commandId)?.catch(() => {})
    await this.#cancelKnown(commandId)
    return ackStatus.successful
  }

  /** Says that a cancel job was heard; the result comes with the replies of the cancelled command. */
  confirmCancel(job: AgentJob): void {
    const at = new Date(this.#host.now()).toISOString()
    const id = this.#host.newId()
    const content = replyContent({ type: 'began', replyId: id, at }, emptyState())
    this.#host.outbox.add({ id, jobId: job.jobId, topic: topicPrefix.cancelCommand, content, acknowledged: () => {} })
  }

  /** Leaves everything as it is: scripts run on, and nothing more is written. */
  async stop(): Promise<void> {
    this.#stopped = true
    const journals = [...this.#reported.values(), ...this.#waiting.map(({ journal }) => journal)]
    for (const { controller, journal } of this.#running.values()) {
      controller.abort(new Detached())
      journals.push(journal)
    }
    await Promise.all(journals.map((journal) => journal.close()))
  }

  #isKnown(commandId: string): boolean {
    const { journal, finished, corrupt } = this.#state
    return [journal, finished, corrupt].some((folder) => existsSync(join(folder, commandId)))
  }

  async #writeDown(commandId: string, job: AgentJob): Promise<AckStatus> {
    this.#lastOrder += 1
    const order = this.#lastOrder
    const at = new Date(this.#host.now()).toISOString()
    const path = join(this.#state.journal, commandId)
    this.#beingWritten.add(order)
    const journal = await Journal.create(path, { type: 'accepted', ...job, order, at }).finally(() => {
      this.#beingWritten.delete(order)
      // Later, so that the acknowledgement is on its way before the first reply.
      setImmediate(() => this.#next())
    })
    const refused = refusal(job.content)
    if (refused !== undefined) {
      await this.#refuse(commandId, journal, refused)
      return ackStatus.agentJobMessageParseError
    }
    this.#enqueue(commandId, journal)
    return ackStatus.successful
  }

  /** Ends a command that cannot be run, with the reason. */
  async #refuse(commandId: string, journal: Journal, trace: string): Promise<void> {
    const at = new Date(this.#host.now()).toISOString()
    const record = { type: 'finished', status: 'Failed', trace, steps: [], replyId: this.#host.newId(), at } as const
    await journal.append(record, 'durable')
    this.#reported.set(commandId, journal)
    setImmediate(() => sendReply(commandId, journal, this.#host, record.replyId, record))
  }

  #enqueue(commandId: string, journal: Journal): void {
    this.#waiting.push({ commandId, journal })
    this.#waiting.sort((a, b) => orderOf(a.journal) - orderOf(b.journal))
  }

  #isOvertaking(journal: Journal): boolean {
    for (const order of this.#beingWritten) if (order < orderOf(journal)) return true
    return false
  }

  #next(): void {
    for (let next = this.#takeNext(); next; next = this.#takeNext()) void this.#run(next.commandId, next.journal)
  }

  #runBegun(): void {
    const begun = this.#waiting.filter(({ journal }) => journal.state.began)
    this.#waiting = this.#waiting.filter(({ journal }) => !journal.state.began)
    for (const { commandId, journal } of begun) void this.#run(commandId, journal)
  }

  /** The first that may run now. */
  #takeNext(): { commandId: string; journal: Journal } | undefined {
    if (this.#stopped || this.#host.reboot.isComing || this.#waiting.length === 0) return undefined
    const busy = [...this.#running.values()].filter(({ journal }) => !isRefresh(journal)).length
    // What is associated is not to wait for commands that take their time.
    const at = busy < this.#limits.parallel ? 0 : this.#waiting.findIndex(({ journal }) => isRefresh(journal))
    if (at < 0 || this.#isOvertaking(this.#waiting[at]!.journal)) return undefined
    return this.#waiting.splice(at, 1)[0]
  }

  async #run(commandId: string, journal: Journal): Promise<void> {
    const controller = new AbortController()
    this.#running.set(commandId, { journal, controller })
    if (journal.state.cancelled) controller.abort(new Cancelled())
    try {
      await executeCommand(commandId, journal, this.#host, controller.signal)
      this.#running.delete(commandId)
      this.#reported.set(commandId, journal)
      await this.#retire(commandId)
    } catch (error) {
      this.#running.delete(commandId)
      if (error instanceof Detached) return
      this.#host.log.error('a command stopped unexpectedly', { commandId, why: sentenceOf(error) })
      await this.#refuse(commandId, journal, `The agent could not run the command: ${sentenceOf(error)}`).catch(
        () => {},
      )
    }
    this.#next()
  }

  async #cancelKnown(commandId: string): Promise<void> {
    const running = this.#running.get(commandId)
    if (running) {
      await running.journal.append({ type: 'cancelled', at: new Date(this.#host.now()).toISOString() }, 'durable')
      running.controller.abort(new Cancelled())
      return
    }
    const waiting = this.#waiting.find((command) => command.commandId === commandId)
    if (!waiting) return
    this.#waiting = this.#waiting.filter((command) => command !== waiting)
    await waiting.journal.append({ type: 'cancelled', at: new Date(this.#host.now()).toISOString() }, 'durable')
    this.#reported.set(commandId, waiting.journal)
    cancelWaiting(commandId, waiting.journal, this.#host).catch((error: unknown) => {
      if (!(error instanceof Detached)) {
        this.#host.log.error('a waiting command could not be cancelled', { commandId, why: sentenceOf(error) })
      }
    })
  }

  /** Opens a journal that was left behind; one that is damaged is put aside, and the server is told. */
  async #reopen(commandId: string): Promise<Journal | undefined> {
    const path = join(this.#state.journal, commandId)
    try {
      const journal = await Journal.open(path)
      if (journal?.state.accepted) return journal
      await rm(path)
      return undefined
    } catch (error) {
      if (!(error instanceof CorruptJournal)) throw error
      this.#host.log.error('a journal is damaged', { commandId, why: error.message })
      await rename(path, join(this.#state.corrupt, commandId))
      return this.#replaceDamaged(commandId, path)
    }
  }

  async #replaceDamaged(commandId: string, path: string): Promise<Journal> {
    const at = new Date(this.#host.now()).toISOString()
    const jobId = jobIdOf(commandId, this.#nodeId)
    const journal = await Journal.create(path, { type: 'accepted', jobId, topic: '', content: '', order: 0, at })
    const trace = "The agent's record of this command is damaged; whether its steps ran is not known."
    const finished = { type: 'finished', status: 'Failed', trace, steps: [], replyId: this.#host.newId(), at } as const
    await journal.append(finished, 'durable')
    return journal
  }

  async #takeUp(commandId: string, journal: Journal): Promise<void> {
    const { state } = journal
    for (const { step, name } of state.stepEnded.values()) {
      const folder = stepFolderOf(join(this.#state.orchestration, commandId), name, step)
      if (state.unacknowledged.size > 0) this.#host.output.follow(state.accepted!.jobId, name, stepStreams(folder))
    }
    for (const [replyId, record] of state.unacknowledged) sendReply(commandId, journal, this.#host, replyId, record)
    if (!state.finished) {
      this.#waiting.push({ commandId, journal })
      return
    }
    this.#reported.set(commandId, journal)
    await this.#retire(commandId)
  }

  /** Gives a command up once the server knows everything about it. */
  async #retire(commandId: string): Promise<void> {
    const journal = this.#reported.get(commandId)
    if (!journal?.state.finished || journal.state.unacknowledged.size > 0) return
    this.#reported.delete(commandId)
    await journal.moveTo(this.#state.finished)
    await journal.close()
  }
}

/** Why a command cannot be run whatever its parameters are; undefined when it can. */
function refusal(content: string): string | undefined {
  try {
    parseDocument(parseSendCommand(content).documentContent)
    return undefined
  } catch (error) {
    if (error instanceof DocumentError || error instanceof ProtocolError) return error.message
    throw error
  }
}

/** Whether all that a command does is to have the node look for its associations. */
function isRefresh(journal: Journal): boolean {
  const { content } = journal.state.accepted!
  if (!content.includes('aws:refreshAssociation') || refusal(content) !== undefined) return false
  const { steps } = parseDocument(parseSendCommand(content).documentContent)
  return steps.every(({ plugin }) => plugin === 'aws:refreshAssociation')
}

function orderOf(journal: Journal): number {
  return journal.state.accepted?.order ?? 0
}
