import assert from 'node:assert/strict'
import {
  type Command,
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  SendCommandCommand,
  type SendCommandCommandInput,
  type SSMClient,
} from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'

const PATIENCE_MS = 60_000

/** Sends lines of shell to nodes and returns the command's id. */
export async function sendShell(
  ssm: SSMClient,
  commands: string[],
  more: Partial<SendCommandCommandInput> & { parameters?: Record<string, string[]> },
): Promise<string> {
  const { parameters, ...input } = more
  const { Command } = await ssm.send(
    new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', Parameters: { commands, ...parameters }, ...input }),
  )
  return Command!.CommandId!
}

export function invocationOf(
  ssm: SSMClient,
  CommandId: string,
  node: { id: string },
): Promise<GetCommandInvocationCommandOutput> {
  return ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId: node.id }))
}

/** Waits until the invocation is in one of the `StatusDetails`; returns it. */
export function untilInvocation(
  ssm: SSMClient,
  commandId: string,
  node: { id: string },
  ...details: string[]
): Promise<GetCommandInvocationCommandOutput> {
  return eventually(async () => {
    const invocation = await invocationOf(ssm, commandId, node)
    assert.ok(details.includes(invocation.StatusDetails!), `it is ${invocation.StatusDetails}`)
    return invocation
  }, PATIENCE_MS)
}

/** Waits until nothing of the command is open; returns it. */
export function untilEnded(ssm: SSMClient, CommandId: string, patienceMs = PATIENCE_MS): Promise<Command> {
  return eventually(async () => {
    const { Commands } = await ssm.send(new ListCommandsCommand({ CommandId }))
    const open = ['Pending', 'InProgress', 'Cancelling'].includes(Commands![0]!.Status!)
    assert.ok(!open, `it is ${Commands![0]!.Status}`)
    return Commands![0]!
  }, patienceMs)
}

/** How many invocations there are in each `StatusDetails`. */
export async function tallyOf(ssm: SSMClient, CommandId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const { CommandInvocations } = await ssm.send(new ListCommandInvocationsCommand({ CommandId, MaxResults: 50 }))
  for (const { StatusDetails } of CommandInvocations!) counts[StatusDetails!] = (counts[StatusDetails!] ?? 0) + 1
  return counts
}
