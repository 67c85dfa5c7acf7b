import { startAgent } from '#agent.ts'
import type { Log } from '#log.ts'

/** `steward-agent run`: until SIGTERM or SIGINT. Running scripts survive the agent and are taken up by the next one. */
export async function runCommand(stateRoot: string, log: Log): Promise<void> {
  const agent = await startAgent({ stateDirectory: stateRoot, log })
  log.info('started', { nodeId: agent.nodeId, state: stateRoot, pid: process.pid })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('stopping', { signal })
      // Nothing that is still open may hold the exit up: whatever matters is on the disk.
      setTimeout(() => process.exit(0), 1500).unref()
      void agent.stop().finally(() => process.exit(0))
    })
  }
}
