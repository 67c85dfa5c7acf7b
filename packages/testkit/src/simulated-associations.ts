/**
 * What a simulated node does about its associations: it asks for them when it is told to, and says of what is pending that it runs and
 * then that it has succeeded, in as many words as the real agent. Nothing is run. Words that the server does not take are said again.
 */
import type { Agent } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { signRequest } from '@steward/protocol/signature.ts'
import type { NodeIdentity } from './enrol-nodes.ts'
import { type CallPlace, signedCall } from './signed-call.ts'

const AGAIN_MS = 2_000
/** How a run of one step is told. */
const STATUSES = ['InProgress', 'InProgress', 'Success']

interface Listed {
  readonly Associations: { readonly AssociationId: string; readonly Name: string; readonly DetailedStatus: string }[]
}

export interface RunCounts {
  readonly begun: number
  readonly ended: number
  /** How often one node has run one association, at most. */
  readonly mostOfOne: number
  /** How many began in each second, from the first one. */
  readonly perSecond: readonly number[]
}

/** The runs that all nodes of a fleet have begun. */
export class SimulatedRuns {
  readonly #perSecond = new Map<number, number>()
  readonly #ofEach = new Map<string, number>()
  #ended = 0

  get counts(): RunCounts {
    const seconds = [...this.#perSecond.keys()]
    const first = Math.min(...seconds)
    const length = seconds.length === 0 ? 0 : Math.max(...seconds) - first + 1
    const perSecond = Array.from({ length }, (_, second) => this.#perSecond.get(first + second) ?? 0)
    const begun = perSecond.reduce((sum, count) => sum + count, 0)
    return { begun, ended: this.#ended, mostOfOne: Math.max(0, ...this.#ofEach.values()), perSecond }
  }

  begun(nodeId: string, associationId: string): void {
    const second = Math.floor(performance.now() / 1000)
    this.#perSecond.set(second, (this.#perSecond.get(second) ?? 0) + 1)
    const one = `${nodeId} ${associationId}`
    this.#ofEach.set(one, (this.#ofEach.get(one) ?? 0) + 1)
  }

  ended(): void {
    this.#ended++
  }

  forget(): void {
    this.#perSecond.clear()
    this.#ofEach.clear()
    this.#ended = 0
  }
}

/** What the nodes of a fleet share. */
export interface AssociationParts extends CallPlace {
  readonly http: Agent
  readonly runs: SimulatedRuns
}

export class SimulatedAssociations {
  readonly #identity: NodeIdentity
  readonly #parts: AssociationParts
  /** What was handed to the node and has not ended, in the order in which it runs. */
  readonly #taken = new Set<string>()
  #last: Promise<void> = Promise.resolve()

  constructor(identity: NodeIdentity, parts: AssociationParts) {
    this.#identity = identity
    this.#parts = parts
  }

  /** Asks the server, and runs what is pending, one after the other. A server that does not answer tells the node again. */
  async refresh(): Promise<void> {
    const { nodeId } = this.#identity
    const listed = await this.#call<Listed>('ListInstanceAssociations', { InstanceId: nodeId, MaxResults: 20 }).catch(
      () => undefined,
    )
    for (const { AssociationId, Name, DetailedStatus } of listed?.Associations ?? []) {
      if (DetailedStatus !== 'Pending' || this.#taken.has(AssociationId)) continue
      this.#taken.add(AssociationId)
      this.#last = this.#last.then(() => this.#run(AssociationId, Name))
    }
  }

  async #run(associationId: string, documentName: string): Promise<void> {
    const { nodeId } = this.#identity
    this.#parts.runs.begun(nodeId, associationId)
    for (const status of STATUSES) {
      // Whoever hears of the end may want it again at once.
      if (status === 'Success') this.#taken.delete(associationId)
      await this.#say('UpdateInstanceAssociationStatus', statusInput(associationId, nodeId, status))
    }
    await this.#say('PutComplianceItems', complianceInput(associationId, nodeId, documentName))
    this.#parts.runs.ended()
  }

  async #say(operation: string, input: object): Promise<void> {
    for (;;) {
      try {
        await this.#call(operation, input)
        return
      } catch {
        await setTimeout(AGAIN_MS * (0.5 + Math.random()), undefined, { ref: false })
      }
    }
  }

  #call<Answer>(operation: string, input: object): Promise<Answer> {
    return signedCall<Answer>(this.#parts, operation, input, (signable) =>
      signRequest(signable, this.#identity.credentials),
    )
  }
}

function statusInput(associationId: string, nodeId: string, status: string) {
  return {
    AssociationId: associationId,
    InstanceId: nodeId,
    ExecutionResult: {
      Status: status,
      ErrorCode: '',
      ExecutionDate: Date.now() / 1000,
      ExecutionSummary: '1 out of 1 plugin processed, 1 success, 0 failed, 0 timedout, 0 skipped. ',
    },
  }
}

function complianceInput(associationId: string, nodeId: string, documentName: string) {
  const details = { DocumentName: documentName, DocumentVersion: '$DEFAULT' }
  return {
    ComplianceType: 'Association',
    ResourceId: nodeId,
    ResourceType: 'ManagedInstance',
    ExecutionSummary: { ExecutionId: '', ExecutionTime: Date.now() / 1000, ExecutionType: '' },
    Items: [{ Id: associationId, Severity: 'UNSPECIFIED', Status: 'COMPLIANT', Title: '', Details: details }],
  }
}
