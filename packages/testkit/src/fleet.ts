/**
 * A fleet of simulated nodes in this process, for tests and measurements of a server:
 *
 *   const nodes = await enrolNodes({ url, region, rootKey, count: 1000, tag: { Key: 'role', Value: 'web' } })
 *   await using fleet = new Fleet({ url, region }, nodes)
 *   await fleet.connect()
 */
import { Agent } from 'node:http'
import type { NodeIdentity } from './enrol-nodes.ts'
import { SimulatedRuns } from './simulated-associations.ts'
import { type FleetCounts, SimulatedNode } from './simulated-node.ts'
import { SimulatedWork } from './simulated-work.ts'

export { type Enrolment, enrolNodes, type NodeIdentity } from './enrol-nodes.ts'
export type { RunCounts } from './simulated-associations.ts'
export type { FleetCounts } from './simulated-node.ts'

/** Nodes that connect at the same moment; real ones are spread by their networks, and a listener's queue is short. */
const CONNECTING_AT_ONCE = 128
/** Connections for calls of the API, which a process keeps in common for all its nodes. */
const CALLS_AT_ONCE = 64

export class Fleet implements AsyncDisposable {
  readonly nodeIds: readonly string[]
  /** What the nodes have run of their associations. */
  readonly runs = new SimulatedRuns()
  readonly #nodes: readonly SimulatedNode[]
  readonly #http = new Agent({ keepAlive: true, maxSockets: CALLS_AT_ONCE })
  #polling: NodeJS.Timeout | undefined
  readonly #counts: FleetCounts = {
    connected: 0,
    failedAttempts: 0,
    commands: 0,
    duplicates: 0,
    repliesUnacknowledged: 0,
  }
  #onConnected = () => {}

  constructor(server: { url: string; region: string }, identities: readonly NodeIdentity[]) {
    const parts = {
      ...server,
      http: this.#http,
      runs: this.runs,
      work: new SimulatedWork(),
      counts: this.#counts,
      onConnected: () => this.#onConnected(),
    }
    this.nodeIds = identities.map(({ nodeId }) => nodeId)
    this.#nodes = identities.map((identity) => new SimulatedNode(identity, parts))
  }

  get counts(): Readonly<FleetCounts> {
    return this.#counts
  }

  /** Signs beforehand what the next connections need; good for four minutes. */
  prepare(): void {
    for (const node of this.#nodes) node.prepare()
  }

  /** Connects every node; resolves when all are. From then on each reconnects by itself. */
  async connect(): Promise<void> {
    const waiting = this.#nodes.values()
    const connectNext = () => waiting.next().value?.connect()
    const all = this.#whenConnected(connectNext)
    for (let started = 0; started < CONNECTING_AT_ONCE; started++) connectNext()
    await all
  }

  /** Resolves when every node is connected (again). */
  whenConnected(): Promise<void> {
    return this.#whenConnected(() => {})
  }

  #whenConnected(each: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#onConnected = () => {
        each()
        if (this.#counts.connected === this.#nodes.length) resolve()
      }
      if (this.#counts.connected === this.#nodes.length) resolve()
    })
  }

  /** From here on each node asks for its associations so often, all of them evenly spread. */
  pollAssociations(everyMs: number): void {
    let next = 0
    this.#polling = setInterval(
      () => this.#nodes[next++ % this.#nodes.length]!.pollAssociations(),
      everyMs / this.#nodes.length,
    )
  }

  disconnect(): void {
    clearInterval(this.#polling)
    this.#http.destroy()
    for (const node of this.#nodes) node.disconnect()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disconnect()
  }
}
