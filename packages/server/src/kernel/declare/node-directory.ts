/** What the capability that keeps the nodes tells the door and the gateway. */
import type { Reader, Tx } from '#db/database.ts'
import type { Scope } from '../scope.ts'

/** What the door and the gateway must know of nodes to let one speak for itself. */
export interface NodeDirectory {
  /** The registered node, or undefined if it is unknown or was deregistered. */
  find(reader: Reader, nodeId: string): Promise<NodeIdentity | undefined>
  /** Takes in presence as the gateway sees it, many nodes at a time. */
  seen(tx: Tx, sightings: readonly Sighting[]): Promise<void>
  /** Takes in why a call was refused that said it came from a node; unknown nodes are passed over. */
  refused(tx: Tx, refusal: NodeRefusal): Promise<void>
  /** Takes in that two machines are connected by the id of one node. */
  doubled(tx: Tx, doubling: Doubling): Promise<void>
  /** The nodes of which that was last taken in since then, and when. */
  doubles(reader: Reader, since: Date): Promise<readonly { readonly nodeId: string; readonly at: Date }[]>
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

/** A call in the name of a node that was refused. Who made it was perhaps not proven. */
export interface NodeRefusal {
  readonly nodeId: string
  readonly code: string
  readonly message: string
  readonly sourceIp: string
  readonly at: Date
}

/** How long after the last proof two machines are taken to call themselves by the id of one node. */
export const DOUBLE_FOR_MS = 3_600_000

/** Two machines were connected by the id of one node at the same time; how that is told is the gateway's business. */
export interface Doubling {
  readonly scope: Scope
  readonly nodeId: string
  readonly at: Date
  /** Where they connected from, the one that counts last. Through a proxy both may have its address. */
  readonly sourceIps: readonly [string, string]
}

/** Who calls itself by the id of a node, as far as connections tell. */
export type Machines = 'one' | 'being found out' | 'two'

/** A node's channel opened, closed or gave a sign of life. */
export interface Sighting {
  readonly scope: Scope
  readonly nodeId: string
  readonly at: Date
  readonly event: 'connected' | 'disconnected' | 'alive'
  readonly channel: 'ssmmessages' | 'ec2messages'
  readonly agentVersion?: string
}
