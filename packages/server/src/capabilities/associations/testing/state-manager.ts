import {
  type AssociationDescription,
  type AssociationExecution,
  type AssociationExecutionTarget,
  CreateAssociationCommand,
  type CreateAssociationCommandInput,
  DescribeAssociationCommand,
  DescribeAssociationExecutionsCommand,
  DescribeAssociationExecutionTargetsCommand,
  DescribeInstanceAssociationsStatusCommand,
  type InstanceAssociationStatusInfo,
  SSMClient,
} from '@aws-sdk/client-ssm'
import type { FakeAgent, TestServer } from '@steward/testkit'

/** An association as a node is shown it. */
export interface ShownAssociation {
  readonly AssociationId: string
  readonly DetailedStatus: string
  readonly Checksum: string
  readonly [member: string]: unknown
}

export const onWebNodes = [{ Key: 'tag:role', Values: ['web'] }]

/** State Manager through the door, for tests that care for little of it. */
export class StateManager {
  readonly ssm: SSMClient
  readonly #server: TestServer

  constructor(server: TestServer) {
    this.#server = server
    this.ssm = server.client(SSMClient)
  }

  /** An association of AWS-RunShellScript with nodes tagged role=web, unless told otherwise. */
  async create(more: Partial<CreateAssociationCommandInput> = {}): Promise<AssociationDescription & { id: string }> {
    const { AssociationDescription } = await this.ssm.send(
      new CreateAssociationCommand({
        Name: 'AWS-RunShellScript',
        Parameters: { commands: ['true'] },
        ...(more.InstanceId === undefined ? { Targets: onWebNodes } : {}),
        ...more,
      }),
    )
    return { ...AssociationDescription, id: AssociationDescription!.AssociationId! }
  }

  async describe(AssociationId: string): Promise<AssociationDescription> {
    const { AssociationDescription } = await this.ssm.send(new DescribeAssociationCommand({ AssociationId }))
    return AssociationDescription!
  }

  /** Its executions, newest first. */
  async executions(AssociationId: string): Promise<AssociationExecution[]> {
    const { AssociationExecutions } = await this.ssm.send(new DescribeAssociationExecutionsCommand({ AssociationId }))
    return AssociationExecutions!
  }

  /** `Status/ResourceCountByStatus` of its executions, newest first. */
  async tally(AssociationId: string): Promise<string[]> {
    const executions = await this.executions(AssociationId)
    return executions.map(({ Status, ResourceCountByStatus }) => `${Status} ${ResourceCountByStatus}`)
  }

  async targets(AssociationId: string, ExecutionId: string | undefined): Promise<AssociationExecutionTarget[]> {
    const { AssociationExecutionTargets } = await this.ssm.send(
      new DescribeAssociationExecutionTargetsCommand({ AssociationId, ExecutionId }),
    )
    return AssociationExecutionTargets!
  }

  async statusOn(node: FakeAgent): Promise<InstanceAssociationStatusInfo[]> {
    const { InstanceAssociationStatusInfos } = await this.ssm.send(
      new DescribeInstanceAssociationsStatusCommand({ InstanceId: node.id }),
    )
    return InstanceAssociationStatusInfos!
  }

  /** What the node is shown when it asks. */
  async shownTo(node: FakeAgent): Promise<ShownAssociation[]> {
    const { Associations } = await node.request('ListInstanceAssociations', { InstanceId: node.id, MaxResults: 20 })
    return Associations as ShownAssociation[]
  }

  async report(node: FakeAgent, AssociationId: string, Status: string, more: object = {}): Promise<void> {
    const ExecutionDate = this.#server.house.clock.now().getTime() / 1000
    const ExecutionResult = { Status, ErrorCode: '', ExecutionDate, ExecutionSummary: `It is ${Status}.`, ...more }
    await node.request('UpdateInstanceAssociationStatus', { AssociationId, InstanceId: node.id, ExecutionResult })
  }

  /** Asks as an agent does, runs what is pending with the given end, and answers the ids of what it ran. */
  async poll(node: FakeAgent, end = 'Success', more: object = {}): Promise<string[]> {
    const pending = (await this.shownTo(node)).filter(({ DetailedStatus }) => DetailedStatus === 'Pending')
    for (const { AssociationId: id } of pending) {
      await this.report(node, id, 'Pending')
      await this.report(node, id, 'InProgress')
      await this.report(node, id, end, more)
    }
    return pending.map(({ AssociationId }) => AssociationId)
  }
}
