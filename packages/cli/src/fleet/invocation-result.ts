import type { ssm } from '@steward/model'
import type { Wire } from '#api.ts'
import { EXIT } from '#fault.ts'

export type Invocation = Wire<ssm.CommandInvocation>

/** How a command ended on one node. */
export interface InvocationResult {
  readonly nodeId: string
  readonly nodeName: string
  readonly status: string
  readonly statusDetails: string
  /** Of the first step that did not end with 0; −1 when none ran. */
  readonly responseCode: number
  /** Names of the steps that the node reported some output of. */
  readonly stepsWithOutput: readonly string[]
}

export function toResult(invocation: Invocation): InvocationResult {
  const steps = invocation.CommandPlugins ?? []
  const codes = steps.map(({ ResponseCode }) => ResponseCode ?? -1)
  return {
    nodeId: invocation.InstanceId ?? '',
    nodeName: invocation.InstanceName ?? '',
    status: invocation.Status ?? '',
    statusDetails: invocation.StatusDetails ?? invocation.Status ?? '',
    responseCode: codes.find((code) => code > 0) ?? codes[0] ?? -1,
    stepsWithOutput: steps.filter(({ Output }) => Output).map(({ Name }) => Name ?? ''),
  }
}

/**
 * The code that tells the truth: on one node the script's own, on several 0 only when all succeeded. What has no code of a
 * script: 124 ran out of time, 130 was cancelled, 1 never ran.
 */
export function exitCodeOf(results: readonly InvocationResult[]): number {
  const [only] = results
  if (results.length === 1 && only) return exitCodeOfOne(only)
  return results.length > 0 && results.every(({ status }) => status === 'Success') ? EXIT.ok : EXIT.failed
}

function exitCodeOfOne({ status, responseCode }: InvocationResult): number {
  switch (status) {
    case 'Success':
      return EXIT.ok
    case 'TimedOut':
      return EXIT.timedOut
    case 'Cancelled':
      return EXIT.cancelled
    default:
      // Codes of Windows go beyond what a shell can carry.
      return responseCode > 0 ? Math.min(responseCode, 255) : EXIT.failed
  }
}
