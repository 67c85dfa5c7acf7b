import type { ssm } from '@steward/model'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import { EXIT, UsageFault } from '#fault.ts'
import type { Progress } from '#fleet/fleet-screen.ts'
import { FleetView } from '#fleet/fleet-view.ts'
import { follow, invocationResults, reportedOutput } from '#fleet/follow.ts'
import { exitCodeOf, type InvocationResult } from '#fleet/invocation-result.ts'
import type { NodeOutputs } from '#fleet/node-outputs.ts'
import { patient } from '#fleet/patient-calls.ts'
import { tellOfWaiting } from '#fleet/waiting-node.ts'
import { type Leave, withInterrupts } from '#interrupts.ts'
import type { Io } from '#io.ts'

export interface RunOptions {
  readonly targets?: readonly { Key: string; Values: string[] }[]
  readonly nodes?: readonly string[]
  readonly document: string
  readonly param: Readonly<Record<string, string[]>>
  readonly comment?: string
  readonly maxConcurrency?: string
  readonly maxErrors?: string
  /** Seconds to deliver. */
  readonly timeout?: number
  /** Seconds to run. */
  readonly executionTimeout?: number
  readonly follow: boolean
  readonly json?: boolean
}

/** Sends a command, shows it until it is over, and answers the exit code that tells how it ended. */
export async function run(io: Io, words: readonly string[], options: RunOptions): Promise<number> {
  const request = toRequest(words, options)
  const api = new Api(connection(io.env))
  const { Command } = await api.ssm('SendCommand', request)
  const commandId = Command!.CommandId!
  if (!options.follow) {
    io.stdout.write(options.json ? `${JSON.stringify(Command, null, 2)}\n` : `${commandId}\n`)
    if (io.stdout.isTTY && !options.json) io.stderr.write(`Its output: npx steward logs ${commandId} --follow\n`)
    return EXIT.ok
  }
  const view = new FleetView(io, {
    commandId,
    onlyOneNode: onlyNode(request) !== undefined,
    quiet: options.json === true,
  })
  const end = await watch(io, api, { commandId, request }, view)
  if (end === 'left') return EXIT.cancelled
  view.summary(end.results)
  if (options.json) io.stdout.write(`${JSON.stringify(report(commandId, end, view.outputs), null, 2)}\n`)
  return exitCodeOf(end.results)
}

interface Sent {
  readonly commandId: string
  readonly request: Wire<ssm.SendCommandRequest>
}

/** How a command ended, as a whole and on each node. */
interface End {
  readonly progress: Progress
  readonly results: InvocationResult[]
}

/** Follows to the end, or until a second Ctrl-C. */
async function watch(io: Io, api: Api, { commandId, request }: Sent, view: FleetView): Promise<End | 'left'> {
  const left = new AbortController()
  const over = new AbortController()
  const leave: Leave = () => left.abort()
  const stopListening = withInterrupts(io, view, leave, async () => {
    await api.ssm('CancelCommand', { CommandId: commandId })
  })
  const calls = patient(api, (fault) => view.away(fault))
  try {
    // Whether it is said or not, the command goes on; what is wrong with the server is met by those who follow.
    const node = onlyNode(request)
    if (node) tellOfWaiting(calls, node, view, over.signal).catch(() => {})
    const progress = await follow(calls, commandId, view, left.signal)
    const results = await invocationResults(calls, commandId, left.signal)
    const silent = results.filter(({ nodeId }) => !view.outputs.has(nodeId))
    for await (const piece of reportedOutput(calls, commandId, silent, left.signal)) view.output(piece)
    return { progress, results }
  } catch (error) {
    if (!left.signal.aborted) throw error
    view.say(
      `The command goes on. Its output: npx steward logs ${commandId} --follow   End it: npx steward cancel ${commandId}`,
    )
    return 'left'
  } finally {
    over.abort()
    stopListening()
    view.stop()
  }
}

/** What SendCommand is asked. Throws UsageFault when it is not said what to run, or where. */
export function toRequest(words: readonly string[], options: RunOptions): Wire<ssm.SendCommandRequest> {
  const { targets, nodes } = options
  if (!targets && !nodes) {
    throw new UsageFault(
      'Say where to run it: --nodes mi-…, --targets tag:role=web or --targets resource-groups:Name=…',
    )
  }
  // As ssh does: the words are one line for the shell at the other end.
  const commandLine = words.join(' ')
  const parameters: Record<string, string[]> = { ...options.param }
  if (commandLine !== '') parameters.commands = [...(parameters.commands ?? []), commandLine]
  if (options.executionTimeout !== undefined) parameters.executionTimeout = [String(options.executionTimeout)]
  if (options.document === SHELL_SCRIPT && !parameters.commands) {
    throw new UsageFault("Say what to run, after two hyphens: steward run --nodes mi-… -- 'uptime'")
  }
  return {
    DocumentName: options.document,
    ...(nodes ? { InstanceIds: [...nodes] } : {}),
    ...(targets ? { Targets: [...targets] } : {}),
    ...(Object.keys(parameters).length > 0 ? { Parameters: parameters } : {}),
    ...(options.comment === undefined ? {} : { Comment: options.comment }),
    ...(options.maxConcurrency === undefined ? {} : { MaxConcurrency: options.maxConcurrency }),
    ...(options.maxErrors === undefined ? {} : { MaxErrors: options.maxErrors }),
    ...(options.timeout === undefined ? {} : { TimeoutSeconds: options.timeout }),
  }
}

export const SHELL_SCRIPT = 'AWS-RunShellScript'

/** The node that is meant, if it is one by its id. */
function onlyNode({ InstanceIds, Targets }: Wire<ssm.SendCommandRequest>): string | undefined {
  const [target, another] = Targets ?? []
  const ids = InstanceIds ?? (target?.Key === 'InstanceIds' && !another ? target.Values : undefined)
  return ids?.length === 1 && ids[0] !== '*' ? ids[0] : undefined
}

function report(commandId: string, { progress, results }: End, outputs: NodeOutputs) {
  const invocations = results.map(({ stepsWithOutput: _, ...result }) => {
    const { text, missing } = outputs.of(result.nodeId)
    return { ...result, output: text, ...(missing > 0 ? { outputCharactersMissing: missing } : {}) }
  })
  const { status, statusDetails } = progress
  return { commandId, status, statusDetails, exitCode: exitCodeOf(results), invocations }
}
