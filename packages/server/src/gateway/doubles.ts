/**
 * Two machines that call themselves by one node's id, as a copied disk makes them (AGT-19). On the wire nothing tells them apart:
 * the copy has the key, and if its machine id was copied too also the fingerprint. But a machine has one control channel: Amazon's
 * agent and ours end it before they open another. So when a channel is opened while another one of the same node is open, the
 * other one is pinged before it is closed. A machine that lost its connection, or whose agent was restarted, cannot answer there
 * any more; if somebody does, there are two.
 *
 * A long poll says less: one that its machine has given up may still be open here when the next one begins, as after a restart or behind a
 * proxy. But each machine asks for temporary credentials of its own, and one that has new ones never goes back to those it had before.
 * So if polls go to and fro between older and newer credentials, several times and for longer than an agent's restart takes, there are two.
 *
 * What one of two was sent must not be sent to the other: for as long as that is being found out nothing is repeated, and
 * for an hour after the last proof nothing at all. The proof is stored, so that a restart does not forget it.
 */
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import { DOUBLE_FOR_MS, type Machines, type NodeDirectory, type NodeRef } from '#kernel/declare.ts'
import type { Logger } from '#kernel/logger.ts'
import type { NodeCredentials } from '#kernel/principal.ts'

/** Two that chase each other prove it every second; so often is it written down. */
const TELL_EVERY_MS = 60_000

/** How often, and for how long, polls must have come with older credentials after newer ones. */
const RETURNS = 3
const RETURNING_MS = 60_000

/** A long poll of a node. */
export interface Poll {
  readonly node: NodeRef
  readonly sourceIp: string
  /** Undefined: it did not come with temporary credentials of the node. */
  readonly credentials: NodeCredentials | undefined
}

/** How a node polled since it first did with the newest credentials. */
interface Polled {
  readonly credentials: NodeCredentials
  sourceIp: string
  /** Whether the last poll came with older ones. */
  isBack: boolean
  returns: number
  /** Of the first return, in epoch milliseconds. */
  since: number
}

/** The open control channel of a node. */
export interface NodeConnection {
  readonly node: NodeRef
  readonly sourceIp: string
  /** Makes way for a newer connection. True if somebody answers on this one nevertheless. */
  replaced(): Promise<boolean>
}

export interface DoublesParts {
  readonly database: Database
  readonly directory: NodeDirectory
  readonly clock: Clock
  readonly log: Logger
}

export class Doubles {
  readonly #parts: DoublesParts
  /** How many former connections of a node have been pinged and have neither answered nor ended. */
  readonly #asked = new Map<string, number>()
  /** Times in epoch milliseconds: of the last proof, and of when it was last written down. */
  readonly #proven = new Map<string, number>()
  readonly #told = new Map<string, number>()
  readonly #polled = new Map<string, Polled>()
  readonly #work = new Set<Promise<void>>()

  constructor(parts: DoublesParts) {
    this.#parts = parts
  }

  /** Recalls what was proven before the server was started. */
  async recall(): Promise<void> {
    const { database, directory, clock } = this.#parts
    const since = new Date(clock.now().getTime() - DOUBLE_FOR_MS)
    for (const { nodeId, at } of await database.read((reader) => directory.doubles(reader, since)))
      this.#proven.set(nodeId, at.getTime())
  }

  machinesOf(nodeId: string): Machines {
    if (this.#asked.has(nodeId)) return 'being found out'
    const proven = this.#proven.get(nodeId)
    if (proven === undefined) return 'one'
    if (this.#now - proven < DOUBLE_FOR_MS) return 'two'
    this.#proven.delete(nodeId)
    this.#told.delete(nodeId)
    return 'one'
  }

  /** Replaces `former` by `newer` and finds out whether they are of one machine; then calls `found`. */
  replace(former: NodeConnection, newer: NodeConnection, found: () => void): void {
    const { nodeId } = former.node
    this.#asked.set(nodeId, (this.#asked.get(nodeId) ?? 0) + 1)
    const work = former.replaced().then(async (answers) => {
      const others = this.#asked.get(nodeId)! - 1
      if (others > 0) this.#asked.set(nodeId, others)
      else this.#asked.delete(nodeId)
      if (answers) await this.#prove(newer.node, [former.sourceIp, newer.sourceIp])
      found()
    })
    this.#follow(work)
  }

  /** A long poll begins. */
  polled({ node, sourceIp, credentials }: Poll): void {
    if (!credentials) return
    const known = this.#polled.get(node.nodeId)
    if (!known || credentials.expires > known.credentials.expires) {
      this.#polled.set(node.nodeId, { credentials, sourceIp, isBack: false, returns: 0, since: 0 })
      return
    }
    const isBack = credentials.id !== known.credentials.id
    if (!isBack) known.sourceIp = sourceIp
    else if (!known.isBack) this.#returned(known, node, sourceIp)
    known.isBack = isBack
  }

  #returned(known: Polled, node: NodeRef, sourceIp: string): void {
    if (known.returns === 0) known.since = this.#now
    known.returns += 1
    if (known.returns < RETURNS || this.#now - known.since < RETURNING_MS) return
    this.#follow(this.#prove(node, [known.sourceIp, sourceIp]))
  }

  #follow(work: Promise<void>): void {
    this.#work.add(work)
    work.finally(() => this.#work.delete(work))
  }

  /** Resolves once nothing is being found out; undefined if that is so now. */
  busy(): Promise<unknown> | undefined {
    return this.#work.size > 0 ? Promise.all(this.#work) : undefined
  }

  /** Forgets a node that is no longer registered, or all. */
  forget(nodeId?: string): void {
    for (const known of [this.#proven, this.#told, this.#polled]) {
      if (nodeId === undefined) known.clear()
      else known.delete(nodeId)
    }
  }

  async #prove(node: NodeRef, sourceIps: readonly [string, string]): Promise<void> {
    const { database, directory, log } = this.#parts
    const { nodeId } = node
    const now = this.#now
    this.#proven.set(nodeId, now)
    if (now - (this.#told.get(nodeId) ?? Number.NEGATIVE_INFINITY) < TELL_EVERY_MS) return
    this.#told.set(nodeId, now)
    log.warn({ nodeId, sourceIps }, 'two machines are connected by the id of one node')
    try {
      await database.write((tx) => directory.doubled(tx, { ...node, at: new Date(now), sourceIps }))
    } catch (error) {
      log.error({ err: error, nodeId }, 'that a node is there twice could not be stored')
    }
  }

  get #now(): number {
    return this.#parts.clock.now().getTime()
  }
}
