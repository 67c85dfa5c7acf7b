/** How a capability declares operations, and what an operation is given. */
import type { Reader, Tx } from '#db/database.ts'
import type { ApiError } from '../api-error.ts'
import type { UserIdentity } from '../audit-record.ts'
import type { SingleSignOn } from '../config.ts'
import type { Ids } from '../ids.ts'
import type { Logger } from '../logger.ts'
import type { FederatedPrincipal, Principal, RolePrincipal, RootPrincipal, UserPrincipal } from '../principal.ts'
import type { Scope } from '../scope.ts'
import type { SecretStore } from '../secret-store.ts'
import type { Vault } from '../vault.ts'
import type { AssociationDirectory } from './association-directory.ts'
import type { AuditTrail } from './audit-trail.ts'
import type { NodeRef } from './channel.ts'
import type { DataSyncDirectory } from './data-sync-directory.ts'
import type { InventoryDirectory } from './inventory-directory.ts'
import type { LiveSessions } from './session-directory.ts'
import type { LiveNodes, Task } from './task.ts'

/** What this installation can do because its operator configured it. */
export interface Features {
  /** It can send mail. */
  readonly mail: boolean
  /** Everybody on the machine may empty it and move its clock. */
  readonly testMode: boolean
  /** Where else people may sign in; undefined: nowhere. */
  readonly singleSignOn: readonly SingleSignOn[]
  /** Buckets that are not here are sought with another service. */
  readonly remoteBuckets: boolean
}

/** What is known of one request once its caller is proven. */
interface AnyCall {
  readonly scope: Scope
  readonly principal: Principal
  readonly requestId: string
  /** One instant for the whole request. */
  readonly now: Date
  readonly ids: Ids
  readonly log: Logger
  /** Seals what must not be readable in the database. Columns that hold it are declared as {@link SealedColumn}. */
  readonly vault: Vault
  /** Address the request came from. */
  readonly sourceIp: string
  readonly userAgent: string | undefined
  readonly features: Features
  /** What nodes report of themselves. */
  readonly inventory: InventoryDirectory
  /** Which Regions are read besides this one. */
  readonly dataSyncs: DataSyncDirectory
  /** `aws:PrincipalTag/*` of the caller. */
  readonly principalTags: Readonly<Record<string, string>>
  /** Where the caller reached this server, such as `https://steward.example:8471`. */
  readonly origin: string
  /** What the request's page token points after; undefined on the first page. Its token was checked by the door. */
  cursor<C>(): C | undefined
  /** Temporary credentials with which a node may speak for itself, good for `lifeSeconds`. */
  issueNodeCredentials(node: NodeRef, role: string, lifeSeconds: number): IssuedCredentials
  /** Temporary credentials of a principal, good for `lifeSeconds`. */
  issueSession(session: SessionToIssue, lifeSeconds: number): IssuedCredentials
  /** The opaque token that makes the next request of the same caller with the same filters go on after `cursor`. */
  nextToken(cursor: unknown): string | undefined
}

export interface IssuedCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}

/** Whom temporary credentials are for: a principal without the access key that they will have. */
export type SessionToIssue =
  | Required<Omit<UserPrincipal, 'accessKeyId'>>
  | Omit<RolePrincipal, 'accessKeyId'>
  | Omit<FederatedPrincipal, 'accessKeyId'>
  | Required<Omit<RootPrincipal, 'accessKeyId'>>

export interface Call extends AnyCall {
  /** For looking things up; within `handle` of a write this is the transaction. */
  readonly db: Reader
}

/** What only reads are given besides. */
export interface ReadCall extends Call {
  /** What associations have come to on nodes. */
  readonly associations: AssociationDirectory
  /** Where secrets are that are not here; undefined: nowhere. */
  readonly secrets: SecretStore | undefined
}

export interface WriteCall extends Call {
  readonly db: Tx
  /** Where the data directory keeps what objects contain. */
  readonly contentFolder: string
  /** Whether the caller may do something besides, where a refusal is not the end of the call. */
  may(access: Access): Promise<boolean>
  /** Names, in the audit record of this call, what it brought about: a command, a session (X-20). `type` as `AWS::SSM::Command`. */
  caused(type: string, id: string): void
  /** Runs once the transaction is durable; never if it is not. */
  afterCommit(effect: () => void): void
  /** Hints, after commit, that `task` has something to do. The product is right without it, only slower. */
  wake(task: Task): void
  /** Hints, after commit, that a node may have something to fetch from a channel. */
  wakeNodes(scope: Scope, nodeIds: Iterable<string>): void
  /** Lets every capability delete, in this transaction, what it keeps of a node that is deregistered. */
  forgetNode(nodeId: string): Promise<void>
  /** Lets every capability put, in this transaction, a principal's new ARN, or the id of a deleted one, in the place of its ARN. */
  renamePrincipal(from: string, to: string): Promise<void>
  /** Ends, after commit, the channels of a node that may not speak any more, and wakes what waited for it. */
  dropNode(nodeId: string): void
  /** Tells the client of a session, after commit, that it is over. */
  endSession: LiveSessions['end']
}

/** What a write is given for what it does before its transaction: no transaction is open. */
export interface PrepareCall extends AnyCall {
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>
  /** Where the data directory keeps what objects contain. */
  readonly contentFolder: string
}

/** For operations that wait or stream: no transaction is open; they open their own. */
export interface OpenCall extends AnyCall {
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  readonly live: LiveNodes
  /** What the caller may do as of now, while the request lasts; undefined once its credentials are good no more. */
  standing(): Promise<Standing | undefined>
  /** Of a request without a signature: who was proven by what is in it, as the record of the call shall say. */
  provenAs(identity: UserIdentity): void
  wake(task: Task): void
  wakeNodes(scope: Scope, nodeIds: Iterable<string>): void
  /** Aborted when the caller went away or the server stops. */
  readonly signal: AbortSignal
  readonly audit: AuditTrail
}

/** What a caller may do at one moment. */
export interface Standing {
  may(access: Access): Promise<boolean>
  /** The sentence with which the caller would be refused; undefined if it would not be. */
  refusal(access: Access): Promise<string | undefined>
}

/**
 * What a caller must be allowed to do: one action, in IAM's words, on each of the resources. `context` holds condition keys
 * beyond the ones every request has, such as `aws:RequestTag/team`.
 */
export interface Access {
  readonly action: string
  readonly resources: readonly string[]
  /** Another ARN by which policies may mean the resource, if there is one only. */
  readonly alias?: string | undefined
  /** Demands beyond this one that take a look-up to find. Not asked for a caller who may do everything. */
  readonly also?: () => Promise<readonly Access[]>
  readonly context?: Readonly<Record<string, string | readonly string[]>>
  /** What will do as well, asked for when this is refused; the caller is told of the refusal of these. */
  readonly or?: readonly Access[]
}

/**
 * How a caller proves itself. `sigv4`: a secret key, the normal case. `node-key`: the RSA signature of a registered node.
 * `none`: the operation's own input is the proof (an activation code). `optional`: the same, but a caller may sign.
 */
export type Authentication = 'sigv4' | 'node-key' | 'none' | 'optional'

interface Declared {
  readonly service: string
  readonly name: string
  readonly authentication: Authentication
  /** Whether the call is on the audit trail, durably, before it is answered: for reads that reveal a secret. Writes always are. */
  recordedFirst(input: unknown, output: object): boolean
  /** Whether the operation itself has put a call that ended so on the audit trail; of the others, and by default, the door does. */
  recordsItself(error: ApiError | undefined): boolean
  access(input: unknown, call: Call): readonly Access[] | Promise<readonly Access[]>
}

export interface ReadOperation extends Declared {
  readonly kind: 'read'
  handle(input: unknown, call: ReadCall): Promise<object>
}

export interface WriteOperation extends Declared {
  readonly kind: 'write'
  /** See {@link WriteSpec}; undefined: there is nothing to prepare. */
  readonly prepare: ((input: unknown, call: PrepareCall) => Promise<unknown>) | undefined
  handle(input: unknown, call: WriteCall, prepared?: unknown): Promise<object>
}

export interface OpenOperation extends Declared {
  readonly kind: 'open'
  handle(input: unknown, call: OpenCall): Promise<object>
}

export type Operation = ReadOperation | WriteOperation | OpenOperation

interface Spec<Input, Output, C> {
  authentication?: Authentication
  recordedFirst?(input: Input, output: Output): boolean
  recordsItself?(error: ApiError | undefined): boolean
  /** Declared by every operation: without it, it does not compile. Several entries must all be allowed. */
  access(input: Input, call: Call): Access | readonly Access[] | Promise<Access | readonly Access[]>
  /** Answers the request. Its only effects are writes to `call.db`; the rest goes to `call.afterCommit`. */
  handle(input: Input, call: C): Promise<Output>
}

interface WriteSpec<Input, Output, Prepared> extends Omit<Spec<Input, Output, WriteCall>, 'handle'> {
  /**
   * What takes too long for a transaction, such as reading files, once the caller was admitted. Whether it may is decided again on the
   * state that `handle` sees, which takes of this only what still counts then.
   */
  prepare?(input: Input, call: PrepareCall): Promise<Prepared>
  handle(input: Input, call: WriteCall, prepared: Prepared): Promise<Output>
}

/** Makes the declaring functions of one AWS service. Input has passed the model's validation when it arrives. */
export function service<Ops extends { [N in keyof Ops]: { input: object; output: object } }>(serviceName: string) {
  const declare =
    <K extends Operation['kind']>(kind: K) =>
    (name: string, spec: Omit<Spec<never, object, never>, 'handle'> & { prepare?: unknown; handle: unknown }) => ({
      service: serviceName,
      name,
      kind,
      authentication: spec.authentication ?? 'sigv4',
      recordedFirst: (input: unknown, output: object) => spec.recordedFirst?.(input as never, output as never) ?? false,
      recordsItself: (error: ApiError | undefined) => spec.recordsItself?.(error) ?? false,
      async access(input: unknown, call: Call) {
        const access = await spec.access(input as never, call)
        return Array.isArray(access) ? access : [access as Access]
      },
      prepare: spec.prepare as WriteOperation['prepare'],
      handle: spec.handle as (input: unknown, call: unknown, prepared?: unknown) => Promise<object>,
    })
  return {
    /** Looks, never writes. */
    read: declare('read') as <N extends keyof Ops & string>(
      name: N,
      spec: Spec<Ops[N]['input'], Ops[N]['output'], ReadCall>,
    ) => ReadOperation,
    /** Runs in one transaction and is answered once that is durable. */
    write: declare('write') as <N extends keyof Ops & string, Prepared = undefined>(
      name: N,
      spec: WriteSpec<Ops[N]['input'], Ops[N]['output'], Prepared>,
    ) => WriteOperation,
    /** Opens its own short transactions, because it waits in between. */
    open: declare('open') as <N extends keyof Ops & string>(
      name: N,
      spec: Spec<Ops[N]['input'], Ops[N]['output'], OpenCall>,
    ) => OpenOperation,
  }
}
