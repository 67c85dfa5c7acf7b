/*
 * The associations of this node: what is to run when. The server is asked for them at every poll and at every refresh; what it
 * lists as pending is handed to this node with that list, and not listed so again. Between those a timer of our own keeps the
 * schedules that are listed. They run one at a time.
 *
 * A list says how the server saw things when it was asked. What happened here since, or is not known there yet, this node knows
 * better: then the listed status is not believed, or an association would run twice for one reason. A changed checksum is another
 * reason.
 */
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '@steward/protocol'
import { ScheduleFault } from '@steward/protocol/schedule/schedule-expression.ts'
import { type Association, listAssociations } from '#associations/association.ts'
import { dueAt } from '#associations/due.ts'
import { Reports } from '#associations/reports.ts'
import { Results, type RunResult } from '#associations/results.ts'
import { type Run, type RunHost, Runs } from '#associations/runs.ts'
import {
  type ErrorCode,
  type ExecutionStatus,
  endOf,
  failure,
  pending,
  statusInput,
  tooLate,
} from '#associations/status.ts'
import { objectOr } from '#document/document.ts'
import { makePrivateDirectory, replaceFile } from '#durable-file.ts'
import { type Log, sentenceOf } from '#log.ts'
import { isPassing, type SsmClient } from '#server/ssm-client.ts'
import { Cancelled, Detached } from '#stop-reason.ts'

export type AssociationsOptions = {
  /** Its folder in the state directory. */
  folder: string
  nodeId: string
  ssm: SsmClient
  host: RunHost
  log: Log
  /** Milliseconds since 1970. */
  now(): number
}

type Planned = {
  association: Association
  /** Milliseconds since 1970; undefined: not by itself. */
  due: number | undefined
  /** It is to run now, and the server knows that it waits. */
  handed: boolean
}

type Running = {
  association: Association
  controller: AbortController
  /** Absent until it has begun. */
  run?: Run
}

const longestTimerMs = 10 * 60_000
const retryMs = 60_000

export class Associations {
  readonly #options: AssociationsOptions
  readonly #reports: Reports
  readonly #results: Results
  readonly #runs: Runs
  readonly #documents: string
  #planned = new Map<string, Planned>()
  /** Runs of an earlier agent, which go first. */
  #left: Run[] = []
  #running: Running | undefined
  readonly #faulty = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(options: AssociationsOptions) {
    const { folder, nodeId, ssm, host, log } = options
    this.#options = options
    this.#reports = new Reports(ssm, log)
    this.#results = new Results(join(folder, 'results.json'))
    this.#runs = new Runs(join(folder, 'runs'), nodeId, host, this.#reports)
    this.#documents = join(folder, 'documents')
    host.reboot.onStay(() => this.#next())
  }

  /** Takes up what an earlier agent left. */
  async recover(): Promise<void> {
    await makePrivateDirectory(this.#documents)
    this.#left = await this.#runs.takeUp()
    const { reboot } = this.#options.host
    if (this.#left.some(({ journal }) => reboot.isAhead(journal.state.rebooting?.boot))) reboot.expect()
    await this.#runs.removeOld()
    this.#next()
  }

  /** The server is in reach again. */
  connected(): void {
    this.#reports.connected()
  }

  /** Plans according to a list that the server was asked for at that `performance.now()`. */
  async take(listed: Association[], askedAt: number): Promise<void> {
    this.#planAll(listed, askedAt, () => false)
    await this.#tidy()
  }

  /** Asks the server, and runs what is named at once; no names are all. */
  async refresh(associationIds: string[]): Promise<void> {
    const { ssm, nodeId } = this.#options
    const askedAt = performance.now()
    const isWanted = ({ id }: Association) => associationIds.length === 0 || associationIds.includes(id)
    this.#planAll(await listAssociations(ssm, nodeId), askedAt, isWanted)
  }

  /** The time of an association is up: what runs of it is stopped, and what waits for its turn is not begun. */
  async cancel(associationId: string): Promise<void> {
    const running = this.#running?.association.id === associationId ? this.#running : undefined
    const run = running?.run ?? this.#left.find(({ association }) => association.id === associationId)
    if (run) await this.#runs.cancel(run)
    running?.controller.abort(new Cancelled())
    const planned = this.#planned.get(associationId)
    if (!planned?.handed) return
    Object.assign(planned, { due: undefined, handed: false })
    this.#report(planned.association, tooLate)
  }

  /** Leaves everything as it is: scripts run on, and nothing more is written. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#reports.stop()
    this.#running?.controller.abort(new Detached())
    await this.#runs.close()
  }

  async #tidy(): Promise<void> {
    await this.#runs.removeOld()
    for (const name of await readdir(this.#documents)) {
      // One that is just being written has a longer name.
      if (!this.#planned.has(name.replace(/\.new$/, ''))) await rm(join(this.#documents, name), { force: true })
    }
  }

  #planAll(listed: Association[], askedAt: number, isWanted: (association: Association) => boolean): void {
    this.#results.keepOnly(new Set(listed.map(({ id }) => id)))
    this.#planned = new Map(listed.map((one) => [one.id, this.#plan(one, askedAt, isWanted(one))]))
    this.#next()
  }

  #plan(listed: Association, askedAt: number, wanted: boolean): Planned {
    const association = this.#corrected(listed, askedAt)
    const isRunning = this.#isRunning(listed)
    // Somebody who has heard of the end may want it again before this agent is through with it.
    const isOver = !isRunning || this.#running?.run?.journal.state.finished !== undefined
    const handed = (isOver && association.detailedStatus === 'Pending') || this.#isStillHanded(listed)
    if (handed) return { association, due: this.#options.now(), handed }
    if (!wanted || !isOver) return { association, due: isRunning ? undefined : this.#due(association), handed }
    this.#report(association, pending)
    return { association, due: this.#options.now(), handed: true }
  }

  #isRunning({ id, checksum }: Association): boolean {
    const running = this.#running?.association
    return running?.id === id && running.checksum === checksum
  }

  /** Whether what waits for its turn here still has the server's word. */
  #isStillHanded({ id, checksum, detailedStatus }: Association): boolean {
    const before = this.#planned.get(id)
    if (!before?.handed || before.association.checksum !== checksum) return false
    return detailedStatus === 'InProgress' || this.#reports.isBehind(id)
  }

  /** What is listed, with what this node knows better. */
  #corrected(listed: Association, askedAt: number): Association {
    const last = this.#results.get(listed.id)
    if (!last) return listed
    const lastExecutionAt = Math.max(listed.lastExecutionAt ?? 0, last.endedAt)
    const isStale = last.checksum === listed.checksum && this.#isStale(listed, askedAt)
    return { ...listed, lastExecutionAt, detailedStatus: isStale ? last.status : listed.detailedStatus }
  }

  #isStale({ id, detailedStatus }: Association, askedAt: number): boolean {
    return detailedStatus === 'Pending' ? this.#reports.madePending(id, askedAt) : this.#reports.isBehind(id, askedAt)
  }

  #due(association: Association): number | undefined {
    try {
      return dueAt(association, this.#options.now())
    } catch (error) {
      if (!(error instanceof ScheduleFault)) throw error
      const { id, checksum } = association
      if (!this.#faulty.has(`${id} ${checksum}`)) {
        this.#faulty.add(`${id} ${checksum}`)
        const sentence = `Encountered error while parsing expression for association ${id}`
        this.#fail(association, 'InvalidExpression', sentence).catch((why) => this.#couldNotRun(association, why))
      }
      return undefined
    }
  }

  /** Runs what is due, or waits until something is. */
  #next(): void {
    clearTimeout(this.#timer)
    if (this.#stopped || this.#running) return
    const left = this.#left.shift()
    if (left) {
      void this.#attempt(left.association, () => Promise.resolve(left))
      return
    }
    if (this.#options.host.reboot.isComing) return
    const soonest = [...this.#planned.values()]
      .filter(({ due }) => due !== undefined)
      .reduce((first: Planned | undefined, one) => (first && first.due! <= one.due! ? first : one), undefined)
    if (!soonest) return
    const waitMs = soonest.due! - this.#options.now()
    if (waitMs <= 0) void this.#attempt(soonest.association, () => this.#begin(soonest))
    // No longer than that, because clocks are set.
    else this.#timer = setTimeout(() => this.#next(), Math.min(waitMs, longestTimerMs)).unref()
  }

  async #attempt(association: Association, begin: () => Promise<Run | undefined>): Promise<void> {
    const running: Running = { association, controller: new AbortController() }
    this.#running = running
    try {
      const run = await begin()
      if (run?.journal.state.cancelled) running.controller.abort(new Cancelled())
      if (run) await this.#execute(Object.assign(running, { run }))
    } catch (error) {
      if (error instanceof Detached) return
      this.#couldNotRun(association, error)
    }
    this.#running = undefined
    this.#next()
  }

  /** Undefined when it failed before it began, or is tried again later. */
  async #begin(planned: Planned): Promise<Run | undefined> {
    const { association } = planned
    const { id } = association
    if (!planned.handed) this.#report(association, pending)
    planned.due = undefined
    planned.handed = false
    const document = await this.#document(association).catch((error: unknown) => {
      if (isPassing(error)) throw error
      const sentence = `Encountered error while loading association ${id} contents, ${sentenceOf(error)}`
      return this.#fail(association, 'ListAssocError', sentence)
    })
    if (document === undefined) return undefined
    const content = parsedDocument(document)
    if (content) return this.#runs.begin(association, content)
    await this.#fail(association, 'InvalidAssoc', `The document ${association.documentName} is not a JSON object.`)
    return undefined
  }

  async #execute({ association, run, controller }: Running & { run: Run }): Promise<void> {
    this.#options.log.info('an association runs', { id: association.id, document: association.documentName })
    await this.#runs.execute(run, controller.signal)
    const { status } = endOf(association.id, run.journal.state, 0)
    this.#ended(association, await this.#keep(association, status))
  }

  async #fail(association: Association, errorCode: ErrorCode, summary: string): Promise<undefined> {
    this.#options.log.warn('an association failed', { id: association.id, why: summary })
    const result = await this.#keep(association, 'Failed')
    this.#report(association, failure(errorCode, summary))
    this.#ended(association, result)
  }

  async #keep({ id, checksum, documentName, documentVersion }: Association, status: string): Promise<RunResult> {
    const result = { documentName, documentVersion, checksum, status, endedAt: this.#options.now() }
    await this.#results.set(id, result)
    return result
  }

  #ended({ id, checksum }: Association, { status, endedAt }: RunResult): void {
    if (status !== 'Skipped')
      this.#reports.add({
        operation: 'PutComplianceItems',
        input: this.#results.compliance(this.#options.nodeId, endedAt),
      })
    const planned = this.#planned.get(id)
    // Another version that was listed meanwhile, or another run that was asked for, is planned already.
    if (planned?.association.checksum !== checksum || planned.due !== undefined) return
    planned.association = { ...planned.association, detailedStatus: status, lastExecutionAt: endedAt }
    planned.due = this.#due(planned.association)
  }

  #couldNotRun({ id }: Association, why: unknown): void {
    this.#options.log.error('an association could not be run, and is tried again', { id, why: sentenceOf(why) })
    const planned = this.#planned.get(id)
    if (planned) Object.assign(planned, { due: this.#options.now() + retryMs, handed: true })
  }

  #report(association: Association, status: ExecutionStatus): void {
    const { nodeId, now } = this.#options
    const input = statusInput(association, nodeId, status, now())
    this.#reports.add({ operation: 'UpdateInstanceAssociationStatus', input })
  }

  /** The text of its document, which is asked for once for each checksum. */
  async #document({ id, checksum, documentName, documentVersion }: Association): Promise<string> {
    const path = join(this.#documents, id)
    const kept = await readFile(path, 'utf8').catch(() => '')
    const head = `${JSON.stringify([checksum, documentName, documentVersion])}\n`
    if (checksum !== '' && kept.startsWith(head)) return kept.slice(head.length)
    const text = await this.#options.ssm.getDocument(documentName, documentVersion || undefined)
    await replaceFile(path, `${head}${text}`)
    return text
  }
}

function parsedDocument(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const content = objectOr(value)
    return content === value ? content : undefined
  } catch {
    return undefined
  }
}
