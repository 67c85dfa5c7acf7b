/**
 * Commands on their way to nodes. A node that asks is handed what waits for it, as far as the rate control of each command and the
 * node's own limit allow; what it is handed is leased for some seconds. If the lease ends without an acknowledgement
 * (watch-deadlines.ts) it waits again and is handed out again, which is safe, because agents know the ids of what they took. A node
 * that has connected anew is handed at once what it did not acknowledge before.
 */
import { formatCancelCommand, jobIdOf, topicPrefix } from '@steward/protocol'
import type { Kysely } from 'kysely'
import { tables } from '#db/database.ts'
import { listStatement } from '#db/statement.ts'
import type { ChannelContext, Job, NodeRef } from '#kernel/declare.ts'
import { PROGRESS_COLUMNS, Progress, type ProgressRow } from './progress.ts'
import { COMMANDS_PER_NODE } from './rate-control.ts'
import { type CommandTables, type InvocationRow, YES } from './tables.ts'

/** Time a node has to acknowledge a job before it is handed out again. */
const LEASE_MS = 10_000

type Candidate = Pick<
  InvocationRow,
  | 'command_id'
  | 'node_id'
  | 'stage'
  | 'lease_until'
  | 'requested_at'
  | 'position'
  | 'status_details'
  | 'cancel_job'
  | 'cancel_stage'
  | 'cancel_due'
>

/** Claims what these nodes should be sent now, all in one transaction. */
export async function nextJobs(
  nodes: readonly NodeRef[],
  context: ChannelContext,
  fresh: ReadonlySet<string>,
): Promise<{ node: NodeRef; jobs: Job[] }[]> {
  const nodeIds = nodes.map(({ nodeId }) => nodeId)
  const candidates = await openInvocations(context.db, nodeIds)
  if (candidates.length === 0) return []
  const commands = await progressRows(candidates, context)
  const claims = new Claims(commands, context)
  const byNode = Map.groupBy(candidates, ({ node_id }) => node_id)
  for (const [nodeId, invocations] of byNode) claims.claimFor(nodeId, invocations, fresh.has(nodeId))
  const jobs = await claims.write()
  return nodes.map((node) => ({ node, jobs: jobs.get(node.nodeId) ?? [] }))
}

const openInvocations = listStatement((db: Kysely<CommandTables>, nodeIds: readonly string[]) =>
  db
    .selectFrom('command_invocation')
    .select([
      'command_id',
      'node_id',
      'stage',
      'lease_until',
      'requested_at',
      'position',
      'status_details',
      'cancel_job',
      'cancel_stage',
      'cancel_due',
    ])
    .where('open', '=', YES)
    .where('node_id', 'in', nodeIds)
    .orderBy('requested_at')
    .orderBy('position'),
)

const lease = listStatement((db: Kysely<CommandTables>, nodeIds: readonly string[], commandId: string, until: string) =>
  db
    .updateTable('command_invocation')
    .set({ stage: 'sent', lease_until: until })
    .where('command_id', '=', commandId)
    .where('node_id', 'in', nodeIds),
)

async function progressRows(
  candidates: readonly Candidate[],
  { db }: ChannelContext,
): Promise<Map<string, ProgressRow>> {
  const ids = [...new Set(candidates.map(({ command_id }) => command_id))]
  const rows = await tables<CommandTables>(db)
    .selectFrom('command')
    .select(PROGRESS_COLUMNS)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** What one transaction hands out, gathered first and written with a few statements, however many nodes ask. */
class Claims {
  readonly #context: ChannelContext
  readonly #now: string
  readonly #progress: ReadonlyMap<string, Progress>
  readonly #claimed: Candidate[] = []
  readonly #cancels: { invocation: Candidate; job: Job }[] = []

  constructor(commands: ReadonlyMap<string, ProgressRow>, context: ChannelContext) {
    this.#context = context
    this.#now = context.now.toISOString()
    this.#progress = new Map([...commands].map(([id, row]) => [id, new Progress(context.db, row, context.now)]))
  }

  claimFor(nodeId: string, invocations: readonly Candidate[], fresh: boolean): void {
    let busy = invocations.filter(({ stage }) => stage === 'sent' || stage === 'running').length
    for (const invocation of invocations) {
      const { cancel_stage } = invocation
      if (cancel_stage === 'wanted' || (fresh && cancel_stage === 'sent')) this.#cancel(invocation, nodeId)
      if (fresh && this.#mayRepeat(invocation)) this.#claimed.push(invocation)
      if (invocation.stage === 'waiting' && busy < COMMANDS_PER_NODE && this.#mayStart(invocation)) {
        this.#progress.get(invocation.command_id)!.started(1)
        this.#claimed.push(invocation)
        busy++
      }
    }
  }

  #isDue({ lease_until }: Candidate): boolean {
    return lease_until === null || lease_until <= this.#now
  }

  #mayStart(invocation: Candidate): boolean {
    const progress = this.#progress.get(invocation.command_id)
    return progress !== undefined && this.#isDue(invocation) && progress.room > 0
  }

  #mayRepeat({ command_id, stage, status_details }: Candidate): boolean {
    if (stage !== 'sent' || status_details === 'Cancelling') return false
    return this.#progress.get(command_id)!.command.deliver_until > this.#now
  }

  #cancel(invocation: Candidate, nodeId: string): void {
    const content = formatCancelCommand(jobIdOf(invocation.command_id, nodeId))
    this.#cancels.push({
      invocation,
      job: { jobId: invocation.cancel_job!, topic: `${topicPrefix.cancelCommand}.steward`, content },
    })
  }

  async write(): Promise<Map<string, Job[]>> {
    await this.#lease()
    for (const { invocation } of this.#cancels) await this.#cancelSent(invocation)
    for (const progress of this.#progress.values()) await progress.save(this.#context)
    return this.#jobs()
  }

  async #lease(): Promise<void> {
    const until = new Date(this.#context.now.getTime() + LEASE_MS).toISOString()
    for (const [commandId, invocations] of Map.groupBy(this.#claimed, ({ command_id }) => command_id)) {
      const nodeIds = invocations.map(({ node_id }) => node_id)
      await lease(this.#context.db, nodeIds, commandId, until)
    }
  }

  async #cancelSent({ command_id, node_id }: Candidate): Promise<void> {
    const due = new Date(this.#context.now.getTime() + LEASE_MS).toISOString()
    await tables<CommandTables>(this.#context.db)
      .updateTable('command_invocation')
      .set({ cancel_stage: 'sent', cancel_due: due })
      .where('command_id', '=', command_id)
      .where('node_id', '=', node_id)
      .execute()
  }

  async #jobs(): Promise<Map<string, Job[]>> {
    const payloads = await this.#payloads([...new Set(this.#claimed.map(({ command_id }) => command_id))])
    const jobs = new Map<string, Job[]>()
    const add = (nodeId: string, job: Job) => jobs.set(nodeId, [...(jobs.get(nodeId) ?? []), job])
    for (const { command_id, node_id } of this.#claimed) {
      add(node_id, {
        jobId: jobIdOf(command_id, node_id),
        topic: `${topicPrefix.sendCommand}.steward`,
        content: payloads.get(command_id)!,
      })
    }
    for (const { invocation, job } of this.#cancels) add(invocation.node_id, job)
    return jobs
  }

  async #payloads(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map()
    const rows = await tables<CommandTables>(this.#context.db)
      .selectFrom('command')
      .select(['id', 'payload'])
      .where('id', 'in', ids)
      .execute()
    return new Map(rows.map(({ id, payload }) => [id, payload]))
  }
}
