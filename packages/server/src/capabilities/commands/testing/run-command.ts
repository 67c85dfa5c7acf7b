import assert from 'node:assert/strict'
import {
  CancelCommandCommand,
  type Command,
  type CommandInvocation,
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  ListCommandInvocationsCommand,
  type ListCommandInvocationsCommandInput,
  ListCommandsCommand,
  type ListCommandsCommandInput,
  SendCommandCommand,
  type SendCommandCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { type ClientConfig, eventually, type TestServer } from '@steward/testkit'

/** Run Command through the door, for tests that care for little of it. */
export class RunCommand {
  readonly ssm: SSMClient

  constructor(
    server: TestServer,
    region = server.house.config.region,
    credentials: ClientConfig['credentials'] = server.house.rootKey,
  ) {
    this.ssm = server.client(SSMClient, { region, credentials })
  }

  /** Sends AWS-RunShellScript unless told otherwise; returns the command. */
  async send(input: Partial<SendCommandCommandInput>): Promise<Command & { CommandId: string }> {
    const { Command } = await this.ssm.send(
      new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', Parameters: { commands: ['true'] }, ...input }),
    )
    return Command as Command & { CommandId: string }
  }

  /** Sends to nodes with `Targets`, which are looked up afterwards; returns the command's id. */
  async sendTo(nodes: readonly { id: string }[], more: Partial<SendCommandCommandInput> = {}): Promise<string> {
    const Targets = [{ Key: 'InstanceIds', Values: nodes.map(({ id }) => id) }]
    return (await this.send({ Targets, ...more })).CommandId
  }

  async cancel(CommandId: string, InstanceIds?: string[]): Promise<void> {
    await this.ssm.send(new CancelCommandCommand({ CommandId, InstanceIds }))
  }

  async command(CommandId: string): Promise<Command> {
    const { Commands = [] } = await this.ssm.send(new ListCommandsCommand({ CommandId }))
    assert.equal(Commands.length, 1, 'one command')
    return Commands[0]!
  }

  /** The ids of all commands, newest first. */
  async listIds(more: Partial<ListCommandsCommandInput> = {}): Promise<string[]> {
    const { Commands = [] } = await this.ssm.send(new ListCommandsCommand(more))
    return Commands.map(({ CommandId }) => CommandId!)
  }

  async invocations(
    CommandId: string,
    more: Partial<ListCommandInvocationsCommandInput> = {},
  ): Promise<CommandInvocation[]> {
    const { CommandInvocations = [] } = await this.ssm.send(new ListCommandInvocationsCommand({ CommandId, ...more }))
    return CommandInvocations
  }

  invocation(CommandId: string, node: { id: string }, PluginName?: string): Promise<GetCommandInvocationCommandOutput> {
    return this.ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId: node.id, PluginName }))
  }

  /** `Status/StatusDetails` of an invocation, and its response code. */
  async state(commandId: string, node: { id: string }): Promise<string> {
    const { Status, StatusDetails, ResponseCode } = await this.invocation(commandId, node)
    return `${Status}/${StatusDetails} ${ResponseCode}`
  }

  /** How many invocations there are in each `StatusDetails`. */
  async tally(commandId: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const { StatusDetails } of await this.invocations(commandId))
      counts[StatusDetails!] = (counts[StatusDetails!] ?? 0) + 1
    return counts
  }

  /** Waits until the command is in that `Status/StatusDetails`; returns it. */
  untilCommand(commandId: string, state: string): Promise<Command> {
    return eventually(async () => {
      const command = await this.command(commandId)
      assert.equal(`${command.Status}/${command.StatusDetails}`, state)
      return command
    })
  }

  /** Waits until the invocation is in that `Status/StatusDetails code`. */
  async untilState(commandId: string, node: { id: string }, state: string): Promise<void> {
    await eventually(async () => assert.equal(await this.state(commandId, node), state))
  }

  /** Waits until the invocations have come to those counts by `StatusDetails`. */
  async untilTally(commandId: string, expected: Record<string, number>): Promise<void> {
    await eventually(async () => assert.deepEqual(await this.tally(commandId), expected))
  }
}
