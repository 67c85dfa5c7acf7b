/**
 * The invocations that the reports of one transaction speak of, as they are after the reports that were taken in so far. They are read
 * with one query for each command, and each is written once: a node mostly says two things of a command at a time.
 */
import { type CollectedReplies, noReplies, parseJobId } from '@steward/protocol'
import type { Kysely } from 'kysely'
import type { Tx } from '#db/database.ts'
import { listStatement } from '#db/statement.ts'
import type { Report } from '#kernel/declare.ts'
import { updateInvocation } from './progress.ts'
import { stepDigests } from './step-digests.ts'
import type { CommandTables, InvocationRow } from './tables.ts'

const REPORTED_COLUMNS = [
  'command_id',
  'node_id',
  'stage',
  'status_details',
  'replies',
  'trace_output',
  'cancel_stage',
] as const satisfies (keyof InvocationRow)[]

export type Reported = Readonly<Pick<InvocationRow, (typeof REPORTED_COLUMNS)[number]>>

interface Known {
  readonly row: Pick<InvocationRow, (typeof REPORTED_COLUMNS)[number]>
  /** Undefined until somebody asks. */
  replies: CollectedReplies | undefined
  /** Replies are not yet text again. */
  collected: boolean
  change: Partial<InvocationRow> | undefined
}

const invocationsOn = listStatement((db: Kysely<CommandTables>, nodeIds: readonly string[], commandId: string) =>
  db
    .selectFrom('command_invocation')
    .select(REPORTED_COLUMNS)
    .where('command_id', '=', commandId)
    .where('node_id', 'in', nodeIds),
)

export class ReportedInvocations {
  readonly #known: ReadonlyMap<string, Known>

  private constructor(known: ReadonlyMap<string, Known>) {
    this.#known = known
  }

  static async of(reports: readonly Report[], db: Tx): Promise<ReportedInvocations> {
    const nodes = new Map<string, Set<string>>()
    for (const { node, event } of reports) {
      if (event.kind === 'output' || event.kind === 'session-complete') continue
      const { commandId } = parseJobId(event.jobId)
      const ofCommand = nodes.get(commandId)
      if (ofCommand) ofCommand.add(node.nodeId)
      else nodes.set(commandId, new Set([node.nodeId]))
    }
    const known = new Map<string, Known>()
    for (const [commandId, nodeIds] of nodes) {
      for (const row of await invocationsOn(db, [...nodeIds], commandId)) {
        known.set(keyOf(commandId, row.node_id), {
          row: { ...row },
          replies: undefined,
          collected: false,
          change: undefined,
        })
      }
    }
    return new ReportedInvocations(known)
  }

  find(commandId: string, nodeId: string): Reported | undefined {
    return this.#known.get(keyOf(commandId, nodeId))?.row
  }

  replies({ command_id, node_id }: Reported): CollectedReplies {
    const known = this.#known.get(keyOf(command_id, node_id))!
    known.replies ??= known.row.replies === null ? noReplies : (JSON.parse(known.row.replies) as CollectedReplies)
    return known.replies
  }

  collect({ command_id, node_id }: Reported, replies: CollectedReplies): void {
    const known = this.#known.get(keyOf(command_id, node_id))!
    known.replies = replies
    known.collected = true
  }

  change(commandId: string, nodeId: string, change: Partial<InvocationRow>): void {
    const known = this.#known.get(keyOf(commandId, nodeId))!
    Object.assign(known.row, change)
    known.change = { ...known.change, ...change }
  }

  /** Writes what was changed since the last time. */
  async save(db: Tx): Promise<void> {
    for (const known of this.#known.values()) {
      const { row, change, replies, collected } = known
      if (!change && !collected) continue
      const told = collected ? { replies: JSON.stringify(replies), digests: JSON.stringify(stepDigests(replies!)) } : {}
      known.change = undefined
      known.collected = false
      await updateInvocation(db, [row.command_id, row.node_id], { ...change, ...told })
    }
  }
}

function keyOf(commandId: string, nodeId: string): string {
  return `${commandId} ${nodeId}`
}
