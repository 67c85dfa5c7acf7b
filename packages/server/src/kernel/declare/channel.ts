/** How a capability exchanges work with nodes. */
import type { Tx } from '#db/database.ts'
import type { Ids } from '../ids.ts'
import type { Logger } from '../logger.ts'
import type { Scope } from '../scope.ts'
import type { InventoryDirectory } from './inventory-directory.ts'
import type { LiveSessions } from './session-directory.ts'
import type { Task } from './task.ts'

/** A node as the gateway knows it. */
export interface NodeRef {
  readonly scope: Scope
  readonly nodeId: string
}

/** One job for a node, in the words of the agent protocol. */
export interface Job {
  /** Of what concerns a session: the session's id. */
  readonly jobId: string
  readonly topic: string
  /** JSON. For a session the whole payload: what `formatInteractiveShell` or `formatChannelClosed` made. */
  readonly content: string
  /** The frame it travels in; those of sessions go to nodes with a control channel only, others never see them. */
  readonly message?: 'agent_job' | 'interactive_shell' | 'channel_closed'
}

/** What a channel is told of a job by the node that got it. */
export type JobEvent =
  | { readonly kind: 'accepted'; readonly jobId: string }
  | { readonly kind: 'busy'; readonly jobId: string }
  | { readonly kind: 'refused'; readonly jobId: string; readonly reason: string }
  | { readonly kind: 'reply'; readonly jobId: string; readonly replyId: string; readonly content: string }
  | {
      readonly kind: 'output'
      readonly jobId: string
      readonly step: string
      readonly stream: 'stdout' | 'stderr'
      readonly offset: number
      readonly data: Uint8Array
    }
  | SessionComplete

/** A node says that a session has ended there. Comes up to three times, and again after a failure. */
export interface SessionComplete {
  readonly kind: 'session-complete'
  /** The session's id. */
  readonly jobId: string
  readonly failed: boolean
  /** For the user, who is shown it; empty when all went well. */
  readonly output: string
  /** Where the node says that it put the log; empty if nowhere. */
  readonly log: {
    readonly s3Bucket: string
    readonly s3UrlSuffix: string
    readonly cwlGroup: string
    readonly cwlStream: string
  }
}

/** What `report` answers to an `output` event: how far the stream is stored, and whether more is wanted. */
export interface OutputAccepted {
  readonly offset: number
  readonly stop: boolean
}

/**
 * How a capability and the nodes exchange work. Delivery is pull-shaped: a node that connects, or is woken, makes the gateway
 * ask for its next jobs. A job that is not accepted within its lease is handed out again.
 */
export interface Channel {
  readonly name: string
  /**
   * Claims, in this transaction, what these nodes should be sent now. `fresh` are the ids of those whose connection is new: what
   * they were sent on an older one and did not accept may be lost.
   */
  next(
    nodes: readonly NodeRef[],
    context: ChannelContext,
    fresh: ReadonlySet<string>,
  ): Promise<{ node: NodeRef; jobs: Job[] }[]>
  /**
   * Takes in, in this transaction and in this order, what nodes said of jobs of their own. Unknown jobs and late or repeated events are
   * harmless. Answers events of output, each at the place of its report.
   */
  report(reports: readonly Report[], context: ChannelContext): Promise<readonly (OutputAccepted | undefined)[]>
}

export interface Report {
  readonly node: NodeRef
  readonly event: JobEvent
}

export interface ChannelContext {
  readonly db: Tx
  readonly now: Date
  readonly ids: Ids
  readonly log: Logger
  readonly inventory: InventoryDirectory
  afterCommit(effect: () => void): void
  wake(task: Task): void
  wakeNodes(scope: Scope, nodeIds: Iterable<string>): void
  /** Tells the client of a session, after commit, that it is over. */
  endSession: LiveSessions['end']
}
