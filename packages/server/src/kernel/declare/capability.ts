/** What a capability as a whole declares. */
import type { Database, Migrations, Reader, Tx } from '#db/database.ts'
import type { AuditRecord, WrittenRecord } from '../audit-record.ts'
import type { Ids } from '../ids.ts'
import type { Logger } from '../logger.ts'
import type { Scope } from '../scope.ts'
import type { Vault } from '../vault.ts'
import type { AssociationDirectory } from './association-directory.ts'
import type { AuditTrailParts, RunningAuditTrail } from './audit-trail.ts'
import type { ChangeKind } from './change-kind.ts'
import type { Channel } from './channel.ts'
import type { DataSyncDirectory } from './data-sync-directory.ts'
import type { DeliveryTarget } from './delivery.ts'
import type { Download } from './download.ts'
import type { InventoryDirectory } from './inventory-directory.ts'
import type { NodeDirectory } from './node-directory.ts'
import type { PrincipalDirectory, ResourceDirectory, SignInDirectory } from './principal-directory.ts'
import type { CrossOrigin } from './s3-operation.ts'
import type { SessionDirectory, SessionRecorder } from './session-directory.ts'
import type { Task } from './task.ts'

/** A column that holds what the vault sealed, null or not, so that it can be sealed anew under a new master key. */
export interface SealedColumn {
  readonly table: string
  readonly column: string
  /** The columns that name a row. */
  readonly key: readonly string[]
  /** The `aad` under which the value of the row with this key was sealed. */
  aad(key: Readonly<Record<string, string | number>>): string
}

export interface Capability {
  readonly name: string
  /** `import.meta.url` of the capability: its operations are the files of the folder `operations` beside it. */
  readonly url: string
  readonly migrations: Migrations
  readonly tasks: readonly Task[]
  readonly channels: readonly Channel[]
  readonly deliveryTargets: readonly DeliveryTarget[]
  readonly sealedColumns: readonly SealedColumn[]
  readonly changeKinds: readonly ChangeKind[]
  readonly nodeDirectory?: NodeDirectory
  readonly associationDirectory?: AssociationDirectory
  readonly inventoryDirectory?: InventoryDirectory
  readonly dataSyncDirectory?: DataSyncDirectory
  /** Deletes what is kept of a node, in the transaction that deregisters it. */
  readonly forgetNode?: (tx: Tx, scope: Scope, nodeId: string, now: Date) => Promise<void>
  /** Woken when a node was deregistered. It finds by itself which one. */
  readonly nodeGone?: Task
  /**
   * Puts `to` in the place of an ARN wherever what is kept lets that principal do something. Called, in the same transaction, when a
   * user or role gets another ARN, and with its id when it is deleted, so that nobody inherits what was given to it.
   */
  readonly renamePrincipal?: (tx: Tx, from: string, to: string) => Promise<void>
  /** Called once for each server. */
  readonly auditTrail?: (parts: AuditTrailParts) => RunningAuditTrail
  /** How another thread writes down a record for it. */
  readonly writtenRecord?: (record: AuditRecord) => WrittenRecord
  /**
   * Makes what an account has before anybody did anything. Called at each start and after a reset, so it must know what it made, and
   * not make again what was deleted since.
   */
  readonly beginAccount?: (tx: Tx, begun: { account: string; now: Date; ids: Ids }) => Promise<void>
  /** Called once for each server. */
  readonly principals?: (parts: { readonly vault: Vault }) => PrincipalDirectory
  readonly signIns?: SignInDirectory
  readonly resources?: ResourceDirectory
  /** Whether an account asked for parameters to be read more often than usual. */
  readonly highThroughput?: (reader: Reader, scope: Scope) => Promise<boolean>
  /** Of buckets. */
  readonly crossOrigin?: CrossOrigin
  readonly download?: Download
  readonly sessionDirectory?: SessionDirectory
  /** Called once for each server. */
  readonly sessionRecorder?: (parts: SessionRecorderParts) => SessionRecorder
}

/** What a recorder is given; it opens its own short transactions. */
export interface SessionRecorderParts {
  readonly database: Database
  readonly vault: Vault
  readonly audit: RunningAuditTrail
  readonly ids: Ids
  readonly log: Logger
}

export function capability(spec: {
  name: string
  url: string
  migrations?: Migrations
  tasks?: readonly Task[]
  channels?: readonly Channel[]
  deliveryTargets?: readonly DeliveryTarget[]
  sealedColumns?: readonly SealedColumn[]
  changeKinds?: readonly ChangeKind[]
  nodeDirectory?: NodeDirectory
  associationDirectory?: AssociationDirectory
  inventoryDirectory?: InventoryDirectory
  dataSyncDirectory?: DataSyncDirectory
  forgetNode?: Capability['forgetNode']
  nodeGone?: Task
  renamePrincipal?: Capability['renamePrincipal']
  auditTrail?: Capability['auditTrail']
  writtenRecord?: Capability['writtenRecord']
  beginAccount?: Capability['beginAccount']
  principals?: Capability['principals']
  signIns?: SignInDirectory
  resources?: ResourceDirectory
  highThroughput?: Capability['highThroughput']
  crossOrigin?: CrossOrigin
  download?: Download
  sessionDirectory?: SessionDirectory
  sessionRecorder?: Capability['sessionRecorder']
}): Capability {
  return { migrations: {}, tasks: [], channels: [], deliveryTargets: [], sealedColumns: [], changeKinds: [], ...spec }
}
