import { setTimeout as sleep } from 'node:timers/promises'
import { ApiFault } from '#fault.ts'
import type { FleetView } from './fleet-view.ts'
import type { Calls } from './patient-calls.ts'

const PATIENCE_MS = 2000

/**
 * Says once that the only node of a command has not taken it, if it has not after a moment: there is nothing else to see until it
 * does. Rejects when `signal` is aborted.
 */
export async function tellOfWaiting(
  calls: Calls,
  nodeId: string,
  view: Pick<FleetView, 'isPending' | 'say'>,
  signal: AbortSignal,
): Promise<void> {
  await sleep(PATIENCE_MS, undefined, { signal })
  if (!view.isPending) return
  const isAway = await isNotConnected(calls, nodeId, signal)
  if (signal.aborted || !view.isPending) return
  view.say(`${nodeId} ${isAway ? 'is not connected' : 'has not taken the command yet'}; the command waits for it.`)
}

/** False where the caller may not know. */
async function isNotConnected(calls: Calls, Target: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await calls.ssm('GetConnectionStatus', { Target }, signal)).Status === 'notconnected'
  } catch (error) {
    if (error instanceof ApiFault) return false
    throw error
  }
}
