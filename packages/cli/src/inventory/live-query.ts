/**
 * A question to nodes, as a command that is read while it runs: its counters again and again, and what nodes said as soon as they have
 * ended. At the end of one's patience it is withdrawn, so that no node answers it later.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ssm, steward } from '@steward/model'
import type { Wire } from '#api.ts'
import { ApiFault, EXIT, Fault } from '#fault.ts'
import type { Progress } from '#fleet/fleet-screen.ts'
import { commandProgress } from '#fleet/follow.ts'
import type { Calls } from '#fleet/patient-calls.ts'
import { pages } from '#pages.ts'

const LOOK_MS = 150
const PAGE = 500
const NODES_PER_CALL = 100
/** Up to so many seconds a node would get the question late; the least that SendCommand takes. */
const DELIVERY_SECONDS = 30
const UNDELIVERED = new Set(['Pending', 'Delayed', 'DeliveryTimedOut'])
const OPEN = new Set(['Pending', 'Delayed', 'InProgress', 'Cancelling'])

export type Request = Wire<ssm.SendCommandRequest>
type Invocation = Wire<steward.CommandMatrixRow>

/** Nodes, or what they have. */
export interface Whom {
  readonly InstanceIds?: string[]
  readonly Targets?: { Key: string; Values: string[] }[]
}

export interface Question {
  readonly fact: string
  readonly path: string | undefined
  readonly whom: Whom
}

export interface Answer {
  readonly nodeId: string
  readonly nodeName: string
  readonly output: string
  readonly truncated: boolean
}

/** How it went on one node. */
export interface Outcome {
  readonly nodeId: string
  readonly nodeName: string
  readonly kind: 'answered' | 'failed' | 'offline' | 'unreached' | 'slow'
  /** Why it failed. */
  readonly reason: string
}

export interface Listener {
  answer(answer: Answer): void
  progress(progress: Progress): void
}

/** The command that asks. It goes to all nodes at once, and none of them holds up another. */
export function toRequest({ fact, path, whom }: Question): Request {
  return {
    DocumentName: 'Steward-LiveQuery',
    Parameters: { Fact: [fact], ...(path === undefined ? {} : { Path: [path] }) },
    ...whom,
    MaxConcurrency: '100%',
    MaxErrors: '100%',
    TimeoutSeconds: DELIVERY_SECONDS,
  }
}

export class LiveQuery {
  readonly commandId: string
  readonly #calls: Calls
  readonly #listener: Listener
  /** Nodes whose answers are read, or that have none. */
  readonly #done = new Map<string, { status: string; reason: string }>()

  constructor(calls: Calls, commandId: string, listener: Listener) {
    this.#calls = calls
    this.commandId = commandId
    this.#listener = listener
  }

  /** Hands over answers until every node has answered that is not away, or `signal` is aborted. */
  async follow(away: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    for (let ended = -1; ; ) {
      const progress = await commandProgress(this.#calls, this.commandId)
      this.#listener.progress(progress)
      if (progress.done !== ended) await this.#readNew()
      ended = progress.done
      const missing = [...away].filter((nodeId) => !this.#done.has(nodeId)).length
      const isOver = progress.total > 0 && progress.done + missing >= progress.total
      if (isOver || signal.aborted || !OPEN.has(progress.status)) return
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {})
    }
  }

  /** How it went on each node, as it stands. */
  async outcomes(away: ReadonlySet<string>): Promise<Outcome[]> {
    const invocations = await this.#invocations({})
    return invocations.map(({ InstanceId: nodeId = '', InstanceName: nodeName = '', StatusDetails = '' }) => {
      const done = this.#done.get(nodeId)
      const about = { nodeId, nodeName, reason: '' }
      if (done?.status === 'Success') return { ...about, kind: 'answered' }
      if (done) return { ...about, kind: 'failed', reason: done.reason }
      if (!UNDELIVERED.has(StatusDetails)) return { ...about, kind: 'slow' }
      return { ...about, kind: away.has(nodeId) ? 'offline' : 'unreached' }
    })
  }

  /** Sees to it that nobody is asked any more. */
  async withdraw(): Promise<void> {
    await this.#calls.ssm('CancelCommand', { CommandId: this.commandId })
  }

  async #readNew(): Promise<void> {
    const ended = await this.#invocations({ Statuses: ['Success', 'Failed', 'TimedOut', 'Cancelled'] })
    const fresh = ended.filter(({ InstanceId = '' }) => !this.#done.has(InstanceId))
    const silent = fresh.filter(({ StatusDetails }) => !saidSomething(StatusDetails))
    for (const { InstanceId = '', StatusDetails = '' } of silent) {
      if (StatusDetails !== 'DeliveryTimedOut')
        this.#done.set(InstanceId, { status: StatusDetails, reason: StatusDetails })
    }
    // Whole results that are equal are read once.
    const groups = Map.groupBy(
      fresh.filter(({ StatusDetails }) => saidSomething(StatusDetails)),
      ({ InstanceId, Steps }) => (Steps?.[0]?.ResultId && !Steps[0].Truncated ? Steps[0].ResultId : InstanceId),
    )
    const samples = new Map([...groups.values()].map((group) => [group[0]!.InstanceId!, group]))
    const ids = [...samples.keys()]
    for (let at = 0; at < ids.length; at += NODES_PER_CALL) {
      for (const output of await this.#outputs(ids.slice(at, at + NODES_PER_CALL))) {
        for (const invocation of samples.get(output.InstanceId)!) this.#take(invocation, output)
      }
    }
  }

  #take(invocation: Invocation, output: Wire<steward.CommandNodeOutput>): void {
    const { InstanceId: nodeId = '', InstanceName: nodeName = '', StatusDetails: status = '' } = invocation
    const { StandardOutputContent, StandardErrorContent, Truncated: truncated } = output
    this.#done.set(nodeId, { status, reason: StandardErrorContent.trim().split('\n')[0] || status })
    this.#listener.answer({ nodeId, nodeName, output: StandardOutputContent, truncated })
  }

  #invocations(filters: Pick<steward.GetCommandMatrixRequest, 'Statuses'>): Promise<Invocation[]> {
    const input = { CommandId: this.commandId, MaxResults: PAGE, ...filters }
    const ask = (NextToken: string | undefined) => this.#calls.steward('GetCommandMatrix', { ...input, NextToken })
    return pages(ask, ({ Rows }) => Rows)
  }

  #outputs(InstanceIds: string[]): Promise<Wire<steward.CommandNodeOutput>[]> {
    const input = { CommandId: this.commandId, InstanceIds }
    const ask = (NextToken: string | undefined) => this.#calls.steward('BatchGetCommandOutput', { ...input, NextToken })
    return pages(ask, ({ Outputs }) => Outputs)
  }
}

function saidSomething(details: string | undefined): boolean {
  return details === 'Success' || details === 'Failed'
}

/** Of the nodes that are meant, those that are away now. Nothing where the caller may not see nodes. */
export async function nodesAway(calls: Calls, whom: Whom): Promise<Set<string>> {
  const ask = (NextToken: string | undefined) =>
    calls.steward('PreviewTargets', { ...whom, MaxResults: PAGE, NextToken })
  try {
    const nodes = await pages(ask, ({ Nodes }) => Nodes)
    return new Set(nodes.filter(({ PingStatus }) => PingStatus !== 'Online').map(({ InstanceId }) => InstanceId))
  } catch (error) {
    if (error instanceof ApiFault) return new Set()
    throw error
  }
}

/** As many nodes may be named in a command. */
const NAMED_AT_MOST = 50
/** The resource group by which the console reaches more. */
const EVERY_NODE = 'every-node'
const GROUP_QUERY = { Type: 'TAG_FILTERS_1_0', Query: '{"ResourceTypeFilters":["AWS::SSM::ManagedInstance"]}' }

/** Every node: one by one while a command can name them, else by a group, for the API of commands has no word for all. */
export async function everyNode(calls: Calls): Promise<Whom> {
  const { Nodes = [], TotalCount = 0 } = await calls.steward('SearchNodes', { MaxResults: NAMED_AT_MOST })
  if (TotalCount === 0)
    throw new Fault('There are no nodes yet.', {
      mend: 'npx steward node add says how to enrol some.',
      exitCode: EXIT.failed,
    })
  if (TotalCount <= NAMED_AT_MOST) return { InstanceIds: Nodes.map(({ InstanceId }) => InstanceId) }
  const whom = { Targets: [{ Key: 'resource-groups:Name', Values: [EVERY_NODE] }] }
  const { MatchedCount } = await calls.steward('PreviewTargets', { ...whom, MaxResults: 0 })
  if (MatchedCount > 0) return whom
  throw new Fault(`There are ${TotalCount} nodes, and no resource group '${EVERY_NODE}' by which to ask them all.`, {
    mend: `Make it: aws resource-groups create-group --name ${EVERY_NODE} --resource-query '${JSON.stringify(GROUP_QUERY)}'`,
    exitCode: EXIT.usage,
  })
}
