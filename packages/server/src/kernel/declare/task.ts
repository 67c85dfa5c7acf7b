/** How a capability declares background work: tasks that make something true from stored state. */
import type { Database } from '#db/database.ts'
import type { Ids } from '../ids.ts'
import type { Logger } from '../logger.ts'
import type { Outbound } from '../outbound.ts'
import type { RemoteBuckets } from '../remote-buckets.ts'
import type { Scope } from '../scope.ts'
import type { Vault } from '../vault.ts'
import type { AuditTrail } from './audit-trail.ts'
import type { Admit, DeliveryTarget, Perform } from './delivery.ts'
import type { InventoryDirectory } from './inventory-directory.ts'
import type { Machines } from './node-directory.ts'
import type { LiveSessions } from './session-directory.ts'

/**
 * A reconciler: makes something true from stored state alone. It takes no input and is idempotent; it runs every
 * `everyMs` and when woken, never twice at once, and does not retry: its next run is the retry.
 */
export interface Task {
  readonly name: string
  readonly everyMs: number
  run(context: TaskContext): Promise<TaskReport>
}

/** Counts of what was done, shown by the driver; all zero means that there was nothing to do. */
export type TaskReport = Readonly<Record<string, number>>

export interface TaskContext {
  read: Database['read']
  write: Database['write']
  now(): Date
  /** False for an hour after the machine's clock jumped ahead: what cannot be undone waits until then. */
  clockIsSteady(): boolean
  readonly ids: Ids
  readonly log: Logger
  readonly vault: Vault
  readonly inventory: InventoryDirectory
  readonly live: LiveNodes & LiveMachines
  wake(task: Task): void
  wakeNodes(scope: Scope, nodeIds: Iterable<string>): void
  /** Tells the client of a session that it is over. */
  endSession: LiveSessions['end']
  /** How long what has ended is kept. */
  readonly retention: {
    readonly commandDays: number
    readonly sessionDays: number
    readonly recordingDays: number
    readonly auditDays: number
  }
  readonly audit: AuditTrail
  /** Where the data directory keeps what objects contain. */
  readonly contentFolder: string
  readonly deliveryTargets: readonly DeliveryTarget[]
  readonly perform: Perform
  readonly admit: Admit
  readonly outbound: Outbound
  /** Where buckets are that are not here; undefined: nowhere. */
  readonly remoteBuckets: RemoteBuckets | undefined
  readonly messages: MessageParts
  readonly signal: AbortSignal
}

/** What it takes to send messages that others can verify. */
export interface MessageParts {
  /** Where others reach this server, without a slash at the end. */
  publicUrl(): string
  readonly signer: MessageSigner
  /** Undefined when no mail server is configured. */
  readonly mail: Mailer | undefined
}

/** Signs messages with an RSA key whose certificate this server serves. */
export interface MessageSigner {
  /** In base64, PKCS #1 v1.5. */
  sign(text: string, hash: 'sha1' | 'sha256'): Promise<string>
  /** The path, on this server, of the certificate in PEM. */
  certificatePath(): Promise<string>
}

export interface Mailer {
  /** Throws `DeliveryFailed`. */
  send(mail: { readonly to: string; readonly subject: string; readonly text: string }): Promise<void>
}

export function task(spec: Task): Task {
  return spec
}

/** Who is behind the nodes' connections. */
export interface LiveMachines {
  /** What a node was sent and did not acknowledge may be repeated to one machine only. */
  machinesOf(nodeId: string): Machines
}

/** Which nodes hold a live channel at this server right now. */
export interface LiveNodes {
  isConnected(scope: Scope, nodeId: string): boolean
  /** Whether sessions can be started there: a node that only polls is connected, but takes none. */
  takesSessions(scope: Scope, nodeId: string): boolean
  /** Resolves once every node that was woken by now has been asked for and sent what it was handed. */
  asked(): Promise<void>
}
