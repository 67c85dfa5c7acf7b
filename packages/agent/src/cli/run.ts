import { startAgent } from '#agent.ts'
import { Succession, standTrial } from '#cli/succession.ts'
import type { Log } from '#log.ts'
import { stateDirectory } from '#state-directory.ts'

/** How `steward-agent run` was called. */
export type RunOptions = {
  /** Whoever started the agent provides its version. */
  isKept: boolean
  /** Another version tries this one out. */
  isOnTrial: boolean
}

/** `steward-agent run`: until SIGTERM or SIGINT. Running scripts survive the agent and are taken up by the next one. */
export async function runCommand(stateRoot: string, log: Log, options: RunOptions): Promise<void> {
  const succession = new Succession({ ...options, record: stateDirectory(stateRoot).update, log })
  let stop: () => Promise<void> = async () => {}
  const end = () => {
    // Nothing that is still open may hold the exit up: whatever matters is on the disk.
    setTimeout(() => process.exit(0), 1500).unref()
    void stop().finally(() => process.exit(0))
  }
  const trial = options.isOnTrial ? standTrial(end) : undefined
  const agent = await startAgent({
    stateDirectory: stateRoot,
    log,
    replaceable: succession,
    onConnected: () => trial?.connected(),
  })
  stop = () => agent.stop()
  log.info('started', { nodeId: agent.nodeId, state: stateRoot, pid: process.pid })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('stopping', { signal })
      end()
    })
  }
  const attempt = await succession.wanted
  stop = () => succession.abandon()
  await agent.stop()
  await succession.carryOut(attempt)
}
