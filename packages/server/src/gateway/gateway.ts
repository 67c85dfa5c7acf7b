/**
 * The nodes' side of the server: who is connected, and what goes to and fro. It knows connections and frames; what a job
 * means is the channels' business. Both ways in, the control channel's WebSocket and the older long poll, are
 * adapters that register an outlet here.
 *
 * Delivery is pull-shaped: a node that connects, polls or is woken is put on a list, and once a turn of the event loop the
 * channels are asked for all of them in one transaction. What they hand out is leased, so a job that is lost between
 * here and the node is handed out again; what a node reports is answered only once it is durable. Nothing here must survive a
 * crash: after a restart agents connect again and ask anew.
 */
import { setTimeout } from 'node:timers/promises'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type {
  Channel,
  ChannelContext,
  InventoryDirectory,
  Job,
  JobEvent,
  LiveMachines,
  LiveNodes,
  LiveSessions,
  Machines,
  NodeDirectory,
  NodeRef,
  OutputAccepted,
  Report,
  Sighting,
  Task,
} from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Logger } from '#kernel/logger.ts'
import type { Scope } from '#kernel/scope.ts'
import { Doubles, type NodeConnection, type Poll } from './doubles.ts'

const NODES_PER_PULL = 256
const REPORTS_AT_ONCE = 256
/** Between two attempts on a database that is in trouble. */
const PAUSE_MS = 1_000
/** Between two writings of who came and went. */
const GATHER_MS = 50

interface Said extends Report {
  resolve(answer: OutputAccepted | undefined): void
  reject(reason: unknown): void
}

/** Nodes whose channel is new, and that channel. */
type Fresh = ReadonlyMap<string, Outlet | undefined>

/** Where a node's jobs can be put: an open control channel, or a waiting poll. */
export interface Outlet {
  readonly node: NodeRef
  /** Takes the jobs. A poll takes them once and is then gone. */
  deliver(jobs: readonly Job[]): void
  /** Ends the connection; the node may not speak any more, or the server stops. */
  close(reason: 'replaced' | 'dropped' | 'stopping'): void
}

/** A long poll that waits. */
export interface PollOutlet extends Outlet, Poll {}

/** An open control channel. */
export interface ChannelOutlet extends Outlet, NodeConnection {}

export interface GatewayParts {
  readonly database: Database
  readonly channels: readonly Channel[]
  readonly directory: NodeDirectory
  readonly inventory: InventoryDirectory
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  readonly wake: (task: Task) => void
  readonly sessions: LiveSessions
}

export class Gateway implements LiveNodes, LiveMachines {
  readonly #parts: GatewayParts
  /** Control channels by node id, which is unique across accounts and Regions. */
  readonly #channels = new Map<string, ChannelOutlet>()
  readonly #polls = new Map<string, Outlet>()
  #woken = new Map<string, NodeRef>()
  #pulling: Promise<void> | undefined
  /** Nodes that were asked for so far, those that are right now, and who waits until so many were. */
  #askedCount = 0
  #askingCount = 0
  #awaited: { readonly count: number; readonly resolve: () => void }[] = []
  /** Nodes whose channel is new since they were last asked for. */
  readonly #fresh = new Set<string>()
  readonly #doubles: Doubles
  #said: Said[] = []
  #sightings: Sighting[] = []
  #recording: Promise<void> | undefined
  #recordedAt = Number.NEGATIVE_INFINITY
  readonly #stop = new AbortController()

  constructor(parts: GatewayParts) {
    this.#parts = parts
    this.#doubles = new Doubles(parts)
  }

  /** To be awaited before the first connection is taken. */
  start(): Promise<void> {
    return this.#doubles.recall()
  }

  isConnected(_scope: Scope, nodeId: string): boolean {
    return this.#channels.has(nodeId) || this.#polls.has(nodeId)
  }

  takesSessions(_scope: Scope, nodeId: string): boolean {
    return this.#channels.has(nodeId)
  }

  get connectedCount(): number {
    return this.#channels.size
  }

  /** Forgets nothing durable: asks the channels, soon, what these nodes should be sent. */
  wakeNodes(scope: Scope, nodeIds: Iterable<string>): void {
    for (const nodeId of nodeIds) if (this.isConnected(scope, nodeId)) this.#woken.set(nodeId, { scope, nodeId })
    if (this.#woken.size > 0) this.#pulling ??= this.#pull()
  }

  asked(): Promise<void> {
    if (!this.#pulling) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#awaited.push({ count: this.#askedCount + this.#askingCount + this.#woken.size, resolve })
    return promise
  }

  machinesOf(nodeId: string): Machines {
    return this.#doubles.machinesOf(nodeId)
  }

  /** A control channel is open and its node proven. A former one of the same node is closed: the newest counts (AGT-19). */
  opened(outlet: ChannelOutlet, agentVersion: string): void {
    const { node } = outlet
    const former = this.#channels.get(node.nodeId)
    this.#channels.set(node.nodeId, outlet)
    if (former) {
      this.#fresh.delete(node.nodeId)
      this.#doubles.replace(former, outlet, () => this.#repeat(node))
    } else if (this.machinesOf(node.nodeId) === 'one') this.#fresh.add(node.nodeId)
    this.#sight({ ...node, at: this.#parts.clock.now(), event: 'connected', channel: 'ssmmessages', agentVersion })
  }

  /** Has what the node did not acknowledge sent again, unless another machine may be there now. */
  #repeat({ scope, nodeId }: NodeRef): void {
    if (this.machinesOf(nodeId) !== 'one' || !this.#channels.has(nodeId)) return
    this.#fresh.add(nodeId)
    this.wakeNodes(scope, [nodeId])
  }

  /** A control channel is gone. Of a replaced one nothing more is said. */
  closed(outlet: Outlet): void {
    const { node } = outlet
    if (this.#channels.get(node.nodeId) !== outlet) return
    this.#channels.delete(node.nodeId)
    this.#sight({ ...node, at: this.#parts.clock.now(), event: 'disconnected', channel: 'ssmmessages' })
  }

  /** A long poll waits for jobs. Returns what ends the waiting. */
  polling(outlet: PollOutlet): () => void {
    const { node } = outlet
    this.#doubles.polled(outlet)
    this.#polls.get(node.nodeId)?.close('replaced')
    this.#polls.set(node.nodeId, outlet)
    this.#sight({ ...node, at: this.#parts.clock.now(), event: 'alive', channel: 'ec2messages' })
    this.wakeNodes(node.scope, [node.nodeId])
    return () => {
      if (this.#polls.get(node.nodeId) === outlet) this.#polls.delete(node.nodeId)
    }
  }

  /** Hands an event to the channels; resolves once what it changed is durable. What is said within a turn goes to them together. */
  report(node: NodeRef, event: JobEvent): Promise<OutputAccepted | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#said.length === 0) setImmediate(() => this.#hear())
      this.#said.push({ node, event, resolve, reject })
    })
  }

  #hear(): void {
    const said = this.#said
    this.#said = []
    for (let at = 0; at < said.length; at += REPORTS_AT_ONCE) void this.#take(said.slice(at, at + REPORTS_AT_ONCE))
  }

  /** One that cannot be taken in does not stand in the way of the others. */
  async #take(said: readonly Said[]): Promise<void> {
    try {
      const answers = await this.#takeTogether(said)
      for (const [index, { resolve }] of said.entries()) resolve(answers[index])
    } catch (error) {
      if (said.length === 1) said[0]!.reject(error)
      else for (const one of said) await this.#take([one])
    }
  }

  async #takeTogether(said: readonly Report[]): Promise<(OutputAccepted | undefined)[]> {
    let effects: (() => void)[] = []
    const answers = await this.#parts.database.write(async (db) => {
      effects = []
      const answers: (OutputAccepted | undefined)[] = []
      for (const channel of this.#parts.channels) {
        const answered = await channel.report(said, this.#context(db, effects))
        for (const [index, answer] of answered.entries()) answers[index] ??= answer
      }
      return answers
    })
    for (const effect of effects) effect()
    return answers
  }

  /** Ends the channels of a node, which is from now on not connected. */
  drop(nodeId: string): void {
    this.#doubles.forget(nodeId)
    for (const outlets of [this.#channels, this.#polls] as Map<string, Outlet>[]) {
      const outlet = outlets.get(nodeId)
      outlets.delete(nodeId)
      outlet?.close('dropped')
    }
  }

  /** Ends every connection: the server stops, or was emptied. */
  async closeAll(reason: 'dropped' | 'stopping'): Promise<void> {
    if (reason === 'stopping') this.#stop.abort()
    const outlets = [...this.#channels.values(), ...this.#polls.values()]
    this.#channels.clear()
    this.#polls.clear()
    for (const outlet of outlets) outlet.close(reason)
    await this.#pulling
    await this.#recording
    await this.#doubles.busy()
    if (reason === 'dropped') this.#doubles.forget()
  }

  /** Resolves once nothing is being fetched for nodes or recorded of them; undefined if that is so now. */
  busy(): Promise<unknown> | undefined {
    return this.#pulling ?? this.#recording ?? this.#doubles.busy()
  }

  async #pull(): Promise<void> {
    while (this.#woken.size > 0 && !this.#stopping) {
      await new Promise((resolve) => setImmediate(resolve))
      const nodes = [...this.#woken.values()].slice(0, NODES_PER_PULL)
      for (const { nodeId } of nodes) this.#woken.delete(nodeId)
      this.#askingCount = nodes.length
      const fresh = new Map<string, Outlet | undefined>()
      for (const { nodeId } of nodes) if (this.#fresh.delete(nodeId)) fresh.set(nodeId, this.#channels.get(nodeId))
      try {
        await this.#pullFor(nodes, fresh)
        this.#askedCount += nodes.length
      } catch (error) {
        this.#parts.log.error({ err: error, nodes: nodes.length }, 'jobs could not be fetched for nodes; trying again')
        this.#woken = new Map([...nodes.map((node) => [node.nodeId, node] as const), ...this.#woken])
        for (const nodeId of fresh.keys()) this.#fresh.add(nodeId)
        await this.#pause(PAUSE_MS)
      }
      this.#askingCount = 0
      this.#tellAsked(this.#askedCount)
    }
    this.#pulling = undefined
    // Of a node that was woken twice after a failure only one asking comes.
    this.#tellAsked(Number.POSITIVE_INFINITY)
  }

  #tellAsked(asked: number): void {
    while (this.#awaited.length > 0 && this.#awaited[0]!.count <= asked) this.#awaited.shift()!.resolve()
  }

  /** One channel that fails does not stand in the way of those before it. */
  async #pullFor(nodes: readonly NodeRef[], fresh: Fresh): Promise<void> {
    const { channels } = this.#parts
    try {
      await this.#pullFrom(channels, nodes, fresh)
    } catch {
      for (const channel of channels) await this.#pullFrom([channel], nodes, fresh)
    }
  }

  async #pullFrom(channels: readonly Channel[], nodes: readonly NodeRef[], fresh: Fresh): Promise<void> {
    const freshIds = new Set(fresh.keys())
    let effects: (() => void)[] = []
    const claimed = await this.#parts.database.write(async (db) => {
      effects = []
      const context = this.#context(db, effects)
      const claimed = []
      for (const channel of channels) claimed.push(...(await channel.next(nodes, context, freshIds)))
      return claimed
    })
    for (const { node, jobs } of claimed) if (jobs.length > 0) this.#deliver(node, jobs, fresh)
    for (const effect of effects) effect()
  }

  #deliver({ nodeId }: NodeRef, jobs: readonly Job[], fresh: Fresh): void {
    const channel = this.#channels.get(nodeId)
    // Some of them are repeated, and are for the machine that was there a moment ago.
    if (fresh.has(nodeId) && channel && channel !== fresh.get(nodeId)) return
    const deliverable = channel ? jobs : jobs.filter(({ message = 'agent_job' }) => message === 'agent_job')
    // A node that left in between finds its jobs when their lease is over.
    if (deliverable.length > 0) (channel ?? this.#polls.get(nodeId))?.deliver(deliverable)
  }

  #context(db: ChannelContext['db'], effects: (() => void)[]): ChannelContext {
    const { clock, ids, log, inventory, wake, sessions } = this.#parts
    return {
      db,
      now: clock.now(),
      ids,
      log,
      inventory,
      afterCommit: (effect) => effects.push(effect),
      wake: (task) => effects.push(() => wake(task)),
      wakeNodes: (scope, nodeIds) => effects.push(() => this.wakeNodes(scope, nodeIds)),
      endSession: (sessionId, output) => effects.push(() => sessions.end(sessionId, output)),
    }
  }

  get #stopping(): boolean {
    return this.#stop.signal.aborted
  }

  /** Presence is written, and those who came are asked for, many nodes at a time: a whole fleet may connect within seconds. */
  #sight(sighting: Sighting): void {
    // Who leaves because the server stops is not recorded: the next start takes every channel for closed.
    if (this.#stopping) return
    this.#sightings.push(sighting)
    this.#recording ??= this.#record()
  }

  async #record(): Promise<void> {
    while (this.#sightings.length > 0) {
      await this.#gather()
      const sightings = this.#sightings.splice(0, NODES_PER_PULL)
      try {
        await this.#parts.database.write((tx) => this.#parts.directory.seen(tx, sightings))
      } catch (error) {
        this.#parts.log.error(
          { err: error, sightings: sightings.length },
          'presence could not be recorded; trying again',
        )
        if (this.#stopping) break
        this.#sightings.unshift(...sightings)
        await this.#pause(PAUSE_MS)
      } finally {
        for (const { scope, nodeId, event } of sightings) if (event === 'connected') this.wakeNodes(scope, [nodeId])
      }
    }
    this.#recording = undefined
  }

  /** Lets some time pass since presence was last written, for more nodes to come. The first one of many is written at once. */
  async #gather(): Promise<void> {
    const early = this.#recordedAt + GATHER_MS - performance.now()
    if (early > 0) await this.#pause(early)
    else await new Promise((resolve) => setImmediate(resolve))
    this.#recordedAt = performance.now()
  }

  /** Leaves the database alone for a while; ends early when the server stops. */
  async #pause(milliseconds: number): Promise<void> {
    await setTimeout(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => {})
  }
}
