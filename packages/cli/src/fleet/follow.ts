/**
 * Follows one command until it is over: its output through a long poll, its counters every second. The server may be away for a
 * minute meanwhile, as in a restart; both go on from where they were.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import type { ssm, steward } from '@steward/model'
import type { Api, Wire } from '#api.ts'
import { ApiFault, Fault, ServerAway } from '#fault.ts'
import { pages } from '#pages.ts'
import type { Progress } from './fleet-screen.ts'
import { type InvocationResult, toResult } from './invocation-result.ts'
import type { Piece } from './node-outputs.ts'

export interface Listener {
  output(piece: Piece): void
  progress(progress: Progress): void
  /** The server does not answer; it is asked again. */
  away(fault: Fault): void
}

type Calls = Pick<Api, 'ssm' | 'steward'>

const WAIT_SECONDS = 20
const STATUS_EVERY_MS = 1000
/** How long the output may lag behind the final status before it is given up. */
const OUTPUT_LAG_MS = 10_000
const AWAY_MS = 60_000

const FINAL = new Set(['Success', 'Failed', 'Cancelled', 'TimedOut'])

/** Resolves with the final counters, all output delivered. Rejects when `signal` is aborted. */
export async function follow(
  api: Calls,
  commandId: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<Progress> {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const output = followOutput(api, { CommandId: commandId }, listener, either)
  // Its failure is met below; until then nobody waits on it.
  output.catch(() => {})
  try {
    const progress = await followProgress(api, commandId, listener, output, either)
    await Promise.race([output, sleep(OUTPUT_LAG_MS, undefined, { signal: either })])
    return progress
  } finally {
    over.abort()
  }
}

/** Hands over all output there is and will be, in order. */
export async function followOutput(
  api: Calls,
  of: Pick<steward.GetCommandOutputRequest, 'CommandId' | 'InstanceId'>,
  listener: Pick<Listener, 'output' | 'away'>,
  signal: AbortSignal,
): Promise<void> {
  for await (const page of outputPages(api, { ...of, WaitSeconds: WAIT_SECONDS }, listener, signal)) {
    if (page.Complete) return
  }
}

/** Hands over the output that there is now. */
export async function presentOutput(
  api: Calls,
  of: Pick<steward.GetCommandOutputRequest, 'CommandId' | 'InstanceId'>,
  listener: Pick<Listener, 'output' | 'away'>,
  signal: AbortSignal,
): Promise<void> {
  for await (const page of outputPages(api, of, listener, signal)) {
    if (page.Complete || !page.Chunks?.length) return
  }
}

async function* outputPages(
  api: Calls,
  input: steward.GetCommandOutputRequest,
  listener: Pick<Listener, 'output' | 'away'>,
  signal: AbortSignal,
): AsyncGenerator<Wire<steward.GetCommandOutputResult>> {
  let NextToken: string | undefined
  for (;;) {
    const page = await patiently(
      () => api.steward('GetCommandOutput', { ...input, NextToken }, signal),
      listener,
      signal,
    )
    for (const chunk of page.Chunks ?? []) {
      listener.output({
        nodeId: chunk.InstanceId ?? '',
        step: chunk.PluginName ?? '',
        stream: chunk.StreamName ?? 'stdout',
        data: Buffer.from(chunk.Data ?? '', 'base64'),
      })
    }
    yield page
    NextToken = page.NextToken ?? NextToken
  }
}

async function followProgress(
  api: Calls,
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
    const progress = await patiently(() => commandProgress(api, commandId, signal), listener, signal)
    listener.progress(progress)
    if (FINAL.has(progress.status)) return progress
    await pause()
  }
}

/** The counters of a command now. */
export async function commandProgress(api: Calls, commandId: string, signal?: AbortSignal): Promise<Progress> {
  const { Commands } = await api.ssm('ListCommands', { CommandId: commandId }, signal)
  const command = Commands?.[0]
  if (!command) throw new Fault(`There is no command ${commandId} here.`, { mend: 'The Region may be another one.' })
  return toProgress(command)
}

export function toProgress(command: Wire<ssm.Command>): Progress {
  return {
    status: command.Status ?? 'Pending',
    total: command.TargetCount ?? 0,
    done: command.CompletedCount ?? 0,
    failed: command.ErrorCount ?? 0,
    undelivered: command.DeliveryTimedOutCount ?? 0,
  }
}

/** How the command ended on each node. */
export async function invocationResults(
  api: Calls,
  CommandId: string,
  signal?: AbortSignal,
): Promise<InvocationResult[]> {
  const ask = (NextToken: string | undefined) =>
    api.ssm('ListCommandInvocations', { CommandId, Details: true, MaxResults: 50, NextToken }, signal)
  return (await pages(ask, ({ CommandInvocations }) => CommandInvocations)).map(toResult)
}

/**
 * The output of nodes that do not send it while they run, as Amazon's agent does not: the beginning of it, which they reported
 * at the end.
 */
export async function* reportedOutput(
  api: Calls,
  CommandId: string,
  results: readonly InvocationResult[],
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  for (const { nodeId, stepsWithOutput } of results) {
    for (const step of stepsWithOutput) {
      const input = { CommandId, InstanceId: nodeId, PluginName: step }
      const { StandardOutputContent, StandardErrorContent } = await api.ssm('GetCommandInvocation', input, signal)
      const streams = [['stdout', StandardOutputContent] as const, ['stderr', StandardErrorContent] as const]
      for (const [stream, text] of streams) if (text) yield { nodeId, step, stream, data: Buffer.from(text) }
    }
  }
}

/** Asks again while the server is away or overloaded, for up to a minute. Only for calls that change nothing. */
async function patiently<T>(call: () => Promise<T>, listener: Pick<Listener, 'away'>, signal: AbortSignal): Promise<T> {
  const began = performance.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (!passes(error) || performance.now() - began > AWAY_MS) throw error
      if (attempt === 1) listener.away(error)
      await sleep(500, undefined, { signal })
    }
  }
}

function passes(error: unknown): error is Fault {
  if (error instanceof ServerAway) return true
  return (
    error instanceof ApiFault && (error.status === 500 || error.status === 503 || error.code === 'ThrottlingException')
  )
}
