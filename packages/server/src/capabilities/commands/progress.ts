/**
 * Moves invocations from state to state and keeps the counts of their command exact. All changes of one transaction go through
 * one `Progress`, which writes the command once at the end, so that counts, the roll-up, and the stop at too many errors are
 * decided together: the transaction that brings the error too many is the one that ends everything still waiting.
 */
import type { Kysely } from 'kysely'
import { type Tx, tables } from '#db/database.ts'
import { statement, updater } from '#db/statement.ts'
import type { ChannelContext } from '#kernel/declare.ts'
import { tallyOf } from './command.ts'
import { NO_CODE } from './invocation.ts'
import { room } from './rate-control.ts'
import {
  completedCount,
  errorCount,
  type FinalDetails,
  hasEnded,
  type InvocationDetails,
  invocationStatus,
  isFinal,
  mayBecome,
  rollUp,
} from './status.ts'
import type { CommandRow, CommandTables, InvocationRow } from './tables.ts'
import { type InvocationChanged, type Teller, tellChanges } from './tell-changes.ts'

const CHANGING_COLUMNS = [
  'ended_at',
  'status',
  'status_details',
  'resolved',
  'concurrency_limit',
  'error_limit',
  'cancel_requested',
  'target_count',
  'started_count',
  'answered_count',
  'in_flight',
  'cancelling_count',
  'completed_count',
  'error_count',
  'ended',
  'dispatch_due',
] as const satisfies (keyof CommandRow)[]

/** What progress needs of a command; not its document and parameters, which may be large. */
export const PROGRESS_COLUMNS = [
  'id',
  'account',
  'region',
  'requested_at',
  'deliver_until',
  'expires_at',
  'notifications',
  ...CHANGING_COLUMNS,
] as const satisfies (keyof CommandRow)[]

export type ProgressRow = Pick<CommandRow, (typeof PROGRESS_COLUMNS)[number]>

/** Values of an invocation that a change sets besides its state. */
export type InvocationChange = Partial<
  Pick<InvocationRow, 'trace_output' | 'started_at' | 'cancel_job' | 'cancel_stage' | 'cancel_due' | 'lease_until'>
>

type InvocationState = Pick<InvocationRow, 'command_id' | 'node_id' | 'stage' | 'status_details'>

const progressRow = statement((db: Kysely<CommandTables>, id: string) =>
  db.selectFrom('command').select(PROGRESS_COLUMNS).where('id', '=', id),
)
const updateCommand = updater<CommandTables>('command', ['id'])
export const updateInvocation = updater<CommandTables>('command_invocation', ['command_id', 'node_id'])

/** Changes the invocation with this command and node, now or before the transaction ends. */
export type ChangeInvocation = (tx: Tx, key: readonly [string, string], change: Partial<InvocationRow>) => Promise<void>

/** How many more nodes may be handed the command at `now`: none once its time to deliver is over or errors are too many. */
export function roomOf(command: ProgressRow, now: string): number {
  const { ended_at, deliver_until, error_count, error_limit } = command
  if (ended_at !== null || deliver_until <= now || error_count > error_limit) return 0
  const { concurrency_limit, in_flight, started_count, answered_count } = command
  return room({ limit: concurrency_limit, inFlight: in_flight, started: started_count, answered: answered_count })
}

function waitingCount({ target_count, started_count, completed_count }: ProgressRow): number {
  return target_count - Math.max(started_count, completed_count)
}

/** The progress of every command that one transaction touches. */
export class ProgressOfMany {
  readonly #context: ChannelContext
  readonly #change: ChangeInvocation
  readonly #known = new Map<string, Progress | undefined>()

  constructor(context: ChannelContext, change: ChangeInvocation) {
    this.#context = context
    this.#change = change
  }

  /** Undefined if there is no such command. */
  async of(commandId: string): Promise<Progress | undefined> {
    const known = this.#known.get(commandId)
    await known?.tellState(this.#context)
    if (known || this.#known.has(commandId)) return known
    const progress = await Progress.of(this.#context.db, commandId, this.#context.now, this.#change)
    this.#known.set(commandId, progress)
    return progress
  }

  /** Writes them all. Returns whether the dispatcher should look at one of them. */
  async save(): Promise<boolean> {
    let dispatchDue = false
    for (const progress of this.#known.values()) {
      if ((await progress?.save(this.#context))?.dispatchDue) dispatchDue = true
    }
    return dispatchDue
  }
}

export class Progress {
  readonly #tx: Tx
  readonly #at: Date
  readonly #now: string
  readonly #command: ProgressRow
  readonly #change: ChangeInvocation
  /** What others were last told that it is. */
  #toldStatus: string
  /** Nodes that wait were passed over because there was no room for them, so they need the dispatcher once there is. */
  readonly #heldBack: boolean
  #returned = false
  #moved: InvocationChanged[] = []
  #changed = false

  constructor(tx: Tx, command: ProgressRow, now: Date, change: ChangeInvocation = updateInvocation) {
    this.#tx = tx
    this.#change = change
    this.#command = { ...command }
    this.#toldStatus = command.status
    this.#at = now
    this.#now = now.toISOString()
    this.#heldBack = this.room < waitingCount(command)
  }

  /** The progress of one command; undefined if there is no such command. */
  static async of(tx: Tx, commandId: string, now: Date, change?: ChangeInvocation): Promise<Progress | undefined> {
    const [row] = await progressRow(tx, commandId)
    return row && new Progress(tx, row, now, change)
  }

  get command(): Readonly<ProgressRow> {
    return this.#command
  }

  /** How many more nodes may be handed the command now. */
  get room(): number {
    return roomOf(this.#command, this.#now)
  }

  /** Counts nodes that are being handed the command; their rows are written by the caller, many at a time. */
  started(count: number): void {
    this.#command.started_count += count
    this.#command.in_flight += count
    this.#changed = true
  }

  /** The node has the command: from now on it is never handed out again. */
  async taken(invocation: InvocationState, change: InvocationChange): Promise<void> {
    // Its delivery was given up as lost, but the acknowledgement came after all.
    if (invocation.stage === 'waiting') this.started(1)
    this.#command.answered_count++
    this.#changed = true
    const details = invocation.status_details === 'Cancelling' ? 'Cancelling' : 'InProgress'
    await this.#move(invocation, details, { stage: 'running', lease_until: null, ...change })
  }

  /** The node could not take it now, or was not reached: it waits again, and its place is free for another. */
  async returned(
    invocation: InvocationState,
    details: 'Pending' | 'Delayed',
    change: Partial<Pick<InvocationRow, 'lease_until' | 'position'>>,
  ): Promise<void> {
    if (invocation.status_details === 'Cancelling') return this.ended(invocation, 'Cancelled', NO_CODE)
    this.#command.started_count--
    this.#command.in_flight--
    this.#changed = true
    this.#returned = true
    await this.#move(invocation, details, { stage: 'waiting', lease_until: null, ...change })
  }

  async cancelling(invocation: InvocationState, cancelJob: string): Promise<void> {
    this.#command.cancelling_count++
    this.#changed = true
    await this.#move(invocation, 'Cancelling', { cancel_job: cancelJob, cancel_stage: 'wanted', open: 1 })
  }

  /** Ends an invocation for good. A state that may not follow is ignored: what is final stays. */
  async ended(
    invocation: InvocationState,
    details: FinalDetails,
    code: number,
    change: InvocationChange = {},
  ): Promise<void> {
    if (!mayBecome(invocation.status_details as InvocationDetails, details)) return
    this.#count(invocation, details, 1)
    await this.#move(invocation, details, {
      stage: 'done',
      response_code: code,
      ended_at: this.#now,
      lease_until: null,
      cancel_stage: null,
      cancel_due: null,
      open: 0,
      ...change,
    })
  }

  /** Ends every invocation that no node has been handed (yet, or again). */
  async endWaiting(details: FinalDetails): Promise<void> {
    const counts = await this.#endAll((query) => query.where('stage', '=', 'waiting'), details)
    this.#addEnded(details, counts)
  }

  /** The command's time is over: whatever is open counts as not delivered, what was being cancelled as cancelled (RC-10). */
  async expire(): Promise<void> {
    const open = (query: EndQuery) => query.where('stage', '<>', 'done')
    this.#addEnded(
      'Cancelled',
      await this.#endAll((query) => open(query).where('status_details', '=', 'Cancelling'), 'Cancelled'),
    )
    this.#addEnded('DeliveryTimedOut', await this.#endAll(open, 'DeliveryTimedOut'))
    this.#command.in_flight = 0
    this.#command.cancelling_count = 0
  }

  /** Targets are known. */
  resolved(targetCount: number, limits: { concurrency: number; errors: number }): void {
    this.#command.resolved = 1
    this.#command.dispatch_due = 0
    this.#command.target_count = targetCount
    this.#command.concurrency_limit = limits.concurrency
    this.#command.error_limit = limits.errors
    this.#changed = true
  }

  cancelRequested(): void {
    this.#command.cancel_requested = 1
    this.#changed = true
  }

  /**
   * Writes the command and tells who wants to know. Returns whether the dispatcher should look at it: something that waits may now
   * begin.
   */
  async save(by: Teller): Promise<{ dispatchDue: boolean }> {
    if (!this.#changed) return { dispatchDue: false }
    if (this.#command.error_count > this.#command.error_limit) await this.endWaiting('Terminated')
    this.#rollUp()
    const mayBegin = waitingCount(this.#command) > 0 && this.room > 0
    if (mayBegin && (this.#heldBack || this.#returned)) this.#command.dispatch_due = 1
    await updateCommand(
      this.#tx,
      [this.#command.id],
      Object.fromEntries(CHANGING_COLUMNS.map((column) => [column, this.#command[column]])),
    )
    await this.#tell(by)
    return { dispatchDue: this.#command.dispatch_due === 1 }
  }

  /** Tells of a state that the command is in by now, before what comes next in the same transaction takes it to another. */
  async tellState(by: Teller): Promise<void> {
    if (!this.#changed) return
    this.#rollUp()
    if (this.#command.status !== this.#toldStatus) await this.#tell(by)
  }

  async #tell(by: Teller): Promise<void> {
    const changes = { command: this.#command.status !== this.#toldStatus, invocations: this.#moved }
    this.#toldStatus = this.#command.status
    this.#moved = []
    await tellChanges(this.#tx, this.#command, changes, this.#at, by)
  }

  #rollUp(): void {
    const command = this.#command
    if (command.resolved === 0) return
    const tally = tallyOf(command)
    const { status, details } = rollUp(tally, {
      errorLimit: command.error_limit,
      cancelRequested: command.cancel_requested === 1,
    })
    command.status = status
    command.status_details = details
    if (hasEnded(tally)) command.ended_at ??= this.#now
  }

  #count(invocation: InvocationState, details: FinalDetails, count: number): void {
    if (invocation.stage === 'sent' || invocation.stage === 'running') this.#command.in_flight -= count
    // A node that refuses has answered too: the next ones need not wait for it.
    if (invocation.stage === 'sent') this.#command.answered_count += count
    if (invocation.status_details === 'Cancelling') this.#command.cancelling_count -= count
    this.#addEnded(details, count)
  }

  #addEnded(details: FinalDetails, count: number): void {
    if (count === 0) return
    const tally = tallyOf(this.#command)
    const ended = { ...tally.ended, [details]: (tally.ended[details] ?? 0) + count }
    this.#command.ended = JSON.stringify(ended)
    this.#command.completed_count = completedCount({ ...tally, ended })
    this.#command.error_count = errorCount({ ...tally, ended })
    this.#changed = true
  }

  async #endAll(which: (query: EndQuery) => EndQuery, details: FinalDetails): Promise<number> {
    const ended = await which(endQuery(this.#tx, this.#command.id, details, this.#now))
      .returning('node_id')
      .execute()
    for (const { node_id } of ended) this.#moved.push({ nodeId: node_id, details })
    return ended.length
  }

  async #move(invocation: InvocationState, details: InvocationDetails, change: Partial<InvocationRow>): Promise<void> {
    const current = invocation.status_details as InvocationDetails
    const next = isFinal(current) ? current : details
    if (invocationStatus(next) !== invocationStatus(current))
      this.#moved.push({ nodeId: invocation.node_id, details: next })
    const key = [invocation.command_id, invocation.node_id] as const
    await this.#change(this.#tx, key, { status: invocationStatus(next), status_details: next, ...change })
  }
}

function endQuery(tx: Tx, commandId: string, details: FinalDetails, now: string) {
  return tables<CommandTables>(tx)
    .updateTable('command_invocation')
    .set({
      status: invocationStatus(details),
      status_details: details,
      stage: 'done',
      response_code: NO_CODE,
      ended_at: now,
      lease_until: null,
      cancel_stage: null,
      cancel_due: null,
      open: 0,
    })
    .where('command_id', '=', commandId)
}

type EndQuery = ReturnType<typeof endQuery>
