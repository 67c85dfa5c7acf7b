/**
 * Follows one command until it is over: its output through a long poll, its counters every second, the two side by side. With
 * patient calls the server may restart meanwhile; both go on from where they were.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ssm, steward } from '@steward/model'
import type { Wire } from '#api.ts'
import { Fault } from '#fault.ts'
import { pages } from '#pages.ts'
import type { Progress } from './fleet-screen.ts'
import { type InvocationResult, toResult } from './invocation-result.ts'
import type { Piece } from './node-outputs.ts'
import type { Calls } from './patient-calls.ts'

export interface Listener {
  output(piece: Piece): void
  progress(progress: Progress): void
}

/** Which output: of all nodes, or of one. */
export type OutputOf = Pick<steward.GetCommandOutputRequest, 'CommandId' | 'InstanceId'>

const WAIT_SECONDS = 20
const STATUS_EVERY_MS = 1000
/** How long the output may lag behind the final status before it is given up. */
const OUTPUT_LAG_MS = 10_000

const FINAL = new Set(['Success', 'Failed', 'Cancelled', 'TimedOut'])

/** Resolves with the final counters, all output delivered. Rejects when `signal` is aborted. */
export async function follow(
  calls: Calls,
  commandId: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<Progress> {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const output = followOutput(calls, { CommandId: commandId }, (piece) => listener.output(piece), either)
  // Its failure is met below; until then nobody waits on it.
  output.catch(() => {})
  try {
    const progress = await followProgress(calls, commandId, listener, output, either)
    await Promise.race([output, sleep(OUTPUT_LAG_MS, undefined, { signal: either })])
    return progress
  } finally {
    over.abort()
  }
}

/** Hands over all output there is and will be, in order. */
export async function followOutput(
  calls: Calls,
  of: OutputOf,
  take: (piece: Piece) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const page of outputPages(calls, { ...of, WaitSeconds: WAIT_SECONDS }, take, signal)) {
    if (page.Complete) return
  }
}

/** Hands over the output that there is now. */
export async function presentOutput(
  calls: Calls,
  of: OutputOf,
  take: (piece: Piece) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const page of outputPages(calls, of, take, signal)) {
    if (page.Complete || !page.Chunks?.length) return
  }
}

async function* outputPages(
  calls: Calls,
  input: steward.GetCommandOutputRequest,
  take: (piece: Piece) => void,
  signal: AbortSignal,
): AsyncGenerator<Wire<steward.GetCommandOutputResult>> {
  let NextToken: string | undefined
  for (;;) {
    const page = await calls.steward('GetCommandOutput', { ...input, NextToken }, signal)
    for (const { InstanceId = '', PluginName = '', StreamName = 'stdout', Data = '' } of page.Chunks ?? []) {
      take({ nodeId: InstanceId, step: PluginName, stream: StreamName, data: Buffer.from(Data, 'base64') })
    }
    yield page
    NextToken = page.NextToken ?? NextToken
  }
}

async function followProgress(
  calls: Calls,
  commandId: string,
  listener: Listener,
  output: Promise<void>,
  signal: AbortSignal,
): Promise<Progress> {
  // The end of the output is the quickest news of the end of the command.
  let pause = () => Promise.race([sleep(STATUS_EVERY_MS, undefined, { signal }), output])
  output.then(
    () => {
      pause = () => sleep(50, undefined, { signal })
    },
    () => {},
  )
  for (;;) {
    const progress = await commandProgress(calls, commandId, signal)
    listener.progress(progress)
    if (FINAL.has(progress.status)) return progress
    await pause()
  }
}

/** The counters of a command now. */
export async function commandProgress(calls: Calls, commandId: string, signal?: AbortSignal): Promise<Progress> {
  const { Commands } = await calls.ssm('ListCommands', { CommandId: commandId }, signal)
  const command = Commands?.[0]
  if (!command) throw new Fault(`There is no command ${commandId} here.`, { mend: 'The Region may be another one.' })
  return toProgress(command)
}

function toProgress(command: Wire<ssm.Command>): Progress {
  return {
    status: command.Status ?? 'Pending',
    statusDetails: command.StatusDetails ?? command.Status ?? 'Pending',
    total: command.TargetCount ?? 0,
    done: command.CompletedCount ?? 0,
    failed: command.ErrorCount ?? 0,
    undelivered: command.DeliveryTimedOutCount ?? 0,
  }
}

/** How the command ended on each node. */
export async function invocationResults(
  calls: Calls,
  CommandId: string,
  signal: AbortSignal,
): Promise<InvocationResult[]> {
  const ask = (NextToken: string | undefined) =>
    calls.ssm('ListCommandInvocations', { CommandId, Details: true, MaxResults: 50, NextToken }, signal)
  return (await pages(ask, ({ CommandInvocations }) => CommandInvocations)).map(toResult)
}

/**
 * The output of nodes that do not send it while they run, as Amazon's agent does not: the beginning of it, which they reported
 * at the end.
 */
export async function* reportedOutput(
  calls: Calls,
  CommandId: string,
  results: readonly InvocationResult[],
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  for (const { nodeId, stepsWithOutput } of results) {
    for (const step of stepsWithOutput) {
      const input = { CommandId, InstanceId: nodeId, PluginName: step }
      const { StandardOutputContent, StandardErrorContent } = await calls.ssm('GetCommandInvocation', input, signal)
      const streams = [['stdout', StandardOutputContent] as const, ['stderr', StandardErrorContent] as const]
      for (const [stream, text] of streams) if (text) yield { nodeId, step, stream, data: Buffer.from(text) }
    }
  }
}
