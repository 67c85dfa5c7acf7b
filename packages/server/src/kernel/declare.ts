/**
 * The vocabulary in which a capability speaks to the engines: operations, tasks, channels. Capabilities declare; the
 * door, the driver and the gateway consume what was declared and never import a capability.
 */
import type { Database, Migrations, Reader, Tx } from '#db/database.ts'
import type { AuditRecord } from './audit-record.ts'
import type { Ids } from './ids.ts'
import type { Logger } from './logger.ts'
import type { Outbound } from './outbound.ts'
import type { AttachedPolicy } from './policy.ts'
import type {
  FederatedPrincipal,
  IamPrincipal,
  NodePrincipal,
  Principal,
  RolePrincipal,
  RootPrincipal,
  UserPrincipal,
} from './principal.ts'
import type { Scope } from './scope.ts'
import type { Vault } from './vault.ts'

// ---------------------------------------------------------------------------------------------------------------------
// Operations

/** What this installation can do because its operator configured it. */
export interface Features {
  /** It can send mail. */
  readonly mail: boolean
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
  readonly features: Features
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

export interface WriteCall extends Call {
  readonly db: Tx
  /** Names, in the audit record of this call, what it brought about: a command, a session (X-20). `type` as `AWS::SSM::Command`. */
  caused(type: string, id: string): void
  /** Runs once the transaction is durable; never if it is not. */
  afterCommit(effect: () => void): void
  /** Hints, after commit, that `task` has something to do. The product is right without it, only slower. */
  wake(task: Task): void
  /** Hints, after commit, that a node may have something to fetch from a channel. */
  wakeNodes(scope: Scope, nodeIds: Iterable<string>): void
  /** Ends, after commit, the channels of a node that may not speak any more. */
  dropNode(nodeId: string): void
}

/** For operations that wait or stream: no transaction is open; they open their own. */
export interface OpenCall extends AnyCall {
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  readonly live: LiveNodes
  wake(task: Task): void
  wakeNodes(scope: Scope, nodeIds: Iterable<string>): void
  /** Aborted when the caller went away or the server stops. */
  readonly signal: AbortSignal
  readonly audit: AuditTrail
}

/**
 * What a caller must be allowed to do: one action, in IAM's words, on each of the resources. `context` holds condition keys
 * beyond the ones every request has, such as `aws:RequestTag/team`.
 */
export interface Access {
  readonly action: string
  readonly resources: readonly string[]
  /** Demands beyond this one that take a look-up to find. Not asked for a caller who may do everything. */
  readonly also?: () => Promise<readonly Access[]>
  readonly context?: Readonly<Record<string, string | readonly string[]>>
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
  access(input: unknown, call: Call): readonly Access[] | Promise<readonly Access[]>
}

export interface ReadOperation extends Declared {
  readonly kind: 'read'
  handle(input: unknown, call: Call): Promise<object>
}

export interface WriteOperation extends Declared {
  readonly kind: 'write'
  handle(input: unknown, call: WriteCall): Promise<object>
}

export interface OpenOperation extends Declared {
  readonly kind: 'open'
  handle(input: unknown, call: OpenCall): Promise<object>
}

export type Operation = ReadOperation | WriteOperation | OpenOperation

interface Spec<Input, Output, C> {
  authentication?: Authentication
  recordedFirst?(input: Input, output: Output): boolean
  /** Declared by every operation: without it, it does not compile. Several entries must all be allowed. */
  access(input: Input, call: Call): Access | readonly Access[] | Promise<Access | readonly Access[]>
  /** Answers the request. Its only effects are writes to `call.db`; the rest goes to `call.afterCommit`. */
  handle(input: Input, call: C): Promise<Output>
}

/** The operations of a service model: name → input and output type. */
type OperationTypes = { [name: string]: { input: object; output: object } }

/** Makes the declaring functions of one AWS service. Input has passed the model's validation when it arrives. */
export function service<Ops extends { [N in keyof Ops]: { input: object; output: object } }>(serviceName: string) {
  const declare =
    <K extends Operation['kind']>(kind: K) =>
    (name: string, spec: Spec<never, object, never>) => ({
      service: serviceName,
      name,
      kind,
      authentication: spec.authentication ?? 'sigv4',
      recordedFirst: (input: unknown, output: object) => spec.recordedFirst?.(input as never, output as never) ?? false,
      async access(input: unknown, call: Call) {
        const access = await spec.access(input as never, call)
        return Array.isArray(access) ? access : [access as Access]
      },
      handle: spec.handle as unknown as (input: unknown, call: unknown) => Promise<object>,
    })
  return {
    /** Looks, never writes. */
    read: declare('read') as <N extends keyof Ops & string>(
      name: N,
      spec: Spec<Ops[N]['input'], Ops[N]['output'], Call>,
    ) => ReadOperation,
    /** Runs in one transaction and is answered once that is durable. */
    write: declare('write') as <N extends keyof Ops & string>(
      name: N,
      spec: Spec<Ops[N]['input'], Ops[N]['output'], WriteCall>,
    ) => WriteOperation,
    /** Opens its own short transactions, because it waits in between. */
    open: declare('open') as <N extends keyof Ops & string>(
      name: N,
      spec: Spec<Ops[N]['input'], Ops[N]['output'], OpenCall>,
    ) => OpenOperation,
  }
}

export type { OperationTypes }

// ---------------------------------------------------------------------------------------------------------------------
// Tasks

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
  readonly live: LiveNodes
  wake(task: Task): void
  wakeNodes(scope: Scope, nodeIds: Iterable<string>): void
  /** How long what has ended is kept (X-28). */
  readonly retention: { readonly commandDays: number; readonly auditDays: number }
  readonly audit: AuditTrail
  readonly deliveryTargets: readonly DeliveryTarget[]
  readonly perform: Perform
  readonly outbound: Outbound
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

/** Which nodes hold a live channel at this server right now. */
export interface LiveNodes {
  isConnected(scope: Scope, nodeId: string): boolean
}

// ---------------------------------------------------------------------------------------------------------------------
// Channels

/** A node as the gateway knows it. */
export interface NodeRef {
  readonly scope: Scope
  readonly nodeId: string
}

/** One job for a node, in the words of the agent protocol. */
export interface Job {
  readonly jobId: string
  readonly topic: string
  readonly content: string
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
  /** Takes in what a node said of a job of its own. Unknown jobs and late or repeated events are harmless. */
  report(node: NodeRef, event: JobEvent, context: ChannelContext): Promise<OutputAccepted | undefined>
}

export interface ChannelContext {
  readonly db: Tx
  readonly now: Date
  readonly ids: Ids
  readonly log: Logger
  afterCommit(effect: () => void): void
  wake(task: Task): void
  wakeNodes(scope: Scope, nodeIds: Iterable<string>): void
}

// ---------------------------------------------------------------------------------------------------------------------
// Deliveries

/** Something that is on its way to a target: an event that a rule matched, a message of a topic. */
export interface Delivery {
  readonly id: string
  readonly scope: Scope
  readonly targetArn: string
  /** ARN of the rule or topic that sends it. */
  readonly sourceArn: string
  readonly eventId: string
  readonly payload: string
  /** What the sender says to this kind of target besides, such as `RunCommandParameters`. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly createdAt: Date
  /** 1 for the first. */
  readonly attempt: number
}

/**
 * Delivers to one kind of target; declared by the capability that owns the kind. Throws `DeliveryFailed`; whatever else it throws
 * is tried again. `local` runs in the transaction that also ends the delivery, so it happens exactly once; `remote` goes out over
 * the network and may happen again after a crash.
 */
export type DeliveryTarget =
  | {
      readonly kind: 'local'
      /** Which ARNs are its. */
      serves(arn: string): boolean
      deliver(delivery: Delivery, context: LocalDeliveryContext): Promise<void>
    }
  | {
      readonly kind: 'remote'
      serves(arn: string): boolean
      deliver(delivery: Delivery, context: TaskContext): Promise<void>
    }

export interface LocalDeliveryContext extends ChannelContext {
  readonly perform: Perform
}

/**
 * Does an operation in a running transaction as a service does it with a role that it was handed: input is validated, and the role must
 * be allowed. Throws `ApiError`.
 */
export type Perform = (
  operation: WriteOperation,
  input: object,
  as: { readonly principal: RolePrincipal; readonly scope: Scope; readonly service: string },
  context: ChannelContext,
) => Promise<object>

// ---------------------------------------------------------------------------------------------------------------------
// Capabilities

/** What the door and the gateway must know of nodes to let one speak for itself. */
export interface NodeDirectory {
  /** The registered node, or undefined if it is unknown or was deregistered. */
  find(reader: Reader, nodeId: string): Promise<NodeIdentity | undefined>
  /** Takes in presence as the gateway sees it, many nodes at a time. */
  seen(tx: Tx, sightings: readonly Sighting[]): Promise<void>
  /** No channel is open yet: told once, before the server takes its first connection. */
  serverStarted(tx: Tx, at: Date): Promise<void>
}

export interface NodeIdentity {
  readonly scope: Scope
  readonly nodeId: string
  readonly iamRole: string
  /** DER SubjectPublicKeyInfo in base64; the first is the current one. */
  readonly publicKeys: readonly string[]
}

/** A node's channel opened, closed or gave a sign of life. */
export interface Sighting {
  readonly scope: Scope
  readonly nodeId: string
  readonly at: Date
  readonly event: 'connected' | 'disconnected' | 'alive'
  readonly channel: 'ssmmessages' | 'ec2messages'
  readonly agentVersion?: string
}

/** A column that holds what the vault sealed, null or not, so that it can be sealed anew under a new master key. */
export interface SealedColumn {
  readonly table: string
  readonly column: string
  /** The columns that name a row. */
  readonly key: readonly string[]
  /** The `aad` under which the value of the row with this key was sealed. */
  aad(key: Readonly<Record<string, string | number>>): string
}

/**
 * What the door must know of principals that policies speak of. Made once for each server, so it may keep what it read; but what
 * was committed must count from the next request on.
 */
export interface PrincipalDirectory {
  /** The user whose key this is, and the key's secret. Undefined if there is no such key. */
  accessKey(
    reader: Reader,
    accessKeyId: string,
  ): Promise<{ readonly principal: UserPrincipal; readonly secret: string; readonly active: boolean } | undefined>
  /**
   * What the principal may do as of now. Undefined if it is not there any more (deleted, or made again under the same name), and
   * for a node if its role is none of IAM's.
   */
  policiesOf(reader: Reader, principal: IamPrincipal | NodePrincipal): Promise<PrincipalPolicies | undefined>
  /** Takes in when keys were used, for `GetAccessKeyLastUsed`. */
  keysUsed(tx: Tx, uses: readonly KeyUse[]): Promise<void>
}

export interface PrincipalPolicies {
  /** Inline and managed ones, those of a user's groups included. Of a federated user: those of its issuer. */
  readonly identity: readonly AttachedPolicy[]
  readonly boundary?: AttachedPolicy
  /** What `SessionFacts.policies` and `policyArns` come to. Undefined if the session has neither; of a federated user, empty then. */
  readonly session?: readonly AttachedPolicy[]
  /** `aws:PrincipalTag/*`: the user's or role's, with those of the session over them. */
  readonly tags: Readonly<Record<string, string>>
}

export interface KeyUse {
  readonly accessKeyId: string
  readonly service: string
  readonly region: string
  readonly at: Date
}

/** What decisions must know of the resources of some services. Every directory that has a service is asked. */
export interface ResourceDirectory {
  /** The services whose resources it knows, as their ARNs name them. */
  readonly services: readonly string[]
  /** Undefined if it knows nothing of the resource, or nothing that matters to the action. */
  describe(reader: Reader, arn: string, action: string): Promise<ResourceDescription | undefined>
  /** Whether resources may have policies of their own; without, they are described only when a policy asks for their tags. */
  readonly keepsPolicies: boolean
}

export interface ResourceDescription {
  readonly tags?: Readonly<Record<string, string>>
  readonly policy?: AttachedPolicy
  /**
   * The resource's policy has the say, as that of a KMS key or a role's trust policy: what it does not allow is refused, and it
   * must name the account for policies of the account's users and roles to count.
   */
  readonly policyDecides?: boolean
}

/** Keeps the records of calls, each chained to the one before. */
export interface AuditTrail {
  /** Puts a record into the transaction: it is there exactly if the rest of it is. Call {@link added} after the commit. */
  add(tx: Tx, record: AuditRecord): Promise<void>
  added(): void
  /**
   * Takes a record in, to be made and written within a fraction of a second, together with others. `bytes` is about how much
   * memory it holds until then. A promise asks the caller to wait for room before it answers; it rejects with `ServiceUnavailable`
   * when the trail cannot be written and takes no more.
   */
  push(make: () => AuditRecord, bytes: number): Promise<void> | undefined
  /** Resolves once all records handed in before are durable, chained, and found by lookups. */
  flush(): Promise<void>
  /** What shows that the trail is whole, and is not in the database. */
  readonly proof: AuditProof
}

export interface AuditProof {
  /** The installation's seal on a text; nobody else can make it. */
  seal(text: string): string
  /** A recent end of the chain, as it was noted outside of the database; undefined if none was. */
  witness(): AuditWitness | undefined
}

/** The chain had this hash when it had this many records. */
export interface AuditWitness {
  readonly records: number
  readonly hash: string
}

/** What the house gives the audit trail to live on. */
export interface AuditTrailParts {
  readonly database: Database
  readonly log: Logger
  readonly key: Uint8Array
  /** Undefined where the database does not outlive the process. */
  readonly witness: { read(): AuditWitness | undefined; write(witness: AuditWitness): void } | undefined
}

/** The audit trail as the house runs it. */
export interface RunningAuditTrail extends AuditTrail {
  /** Writes what is left and notes the end of the chain. */
  stop(): Promise<void>
  /** Forgets what it knew of a database that was emptied. */
  forget(): void
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
  readonly nodeDirectory?: NodeDirectory
  /** Called once for each server. */
  readonly auditTrail?: (parts: AuditTrailParts) => RunningAuditTrail
  /**
   * Makes what an account has before anybody did anything. Called at each start and after a reset, so it must know what it made, and
   * not make again what was deleted since.
   */
  readonly beginAccount?: (tx: Tx, begun: { account: string; now: Date; ids: Ids }) => Promise<void>
  /** Called once for each server. */
  readonly principals?: (parts: { readonly vault: Vault }) => PrincipalDirectory
  readonly resources?: ResourceDirectory
}

export function capability(spec: {
  name: string
  url: string
  migrations?: Migrations
  tasks?: readonly Task[]
  channels?: readonly Channel[]
  deliveryTargets?: readonly DeliveryTarget[]
  sealedColumns?: readonly SealedColumn[]
  nodeDirectory?: NodeDirectory
  auditTrail?: Capability['auditTrail']
  beginAccount?: Capability['beginAccount']
  principals?: Capability['principals']
  resources?: ResourceDirectory
}): Capability {
  return { migrations: {}, tasks: [], channels: [], deliveryTargets: [], sealedColumns: [], ...spec }
}
