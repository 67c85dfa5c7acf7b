/** Plays a fleet in a process of its own, told what to do by its parent (simulator-process.ts). */
import { readFileSync } from 'node:fs'
import { Fleet } from '@steward/testkit/fleet.ts'
import { region } from '../steward.ts'
import type { SimulatorRequest } from './simulator-process.ts'

let fleet: Fleet | undefined

const tasks = {
  play(url: string, nodesFile: string, count: number) {
    fleet?.disconnect()
    fleet = new Fleet({ url, region }, JSON.parse(readFileSync(nodesFile, 'utf8')).slice(0, count))
    fleet.prepare()
  },
  /** Milliseconds until every node was connected. */
  async connect() {
    const began = performance.now()
    await fleet!.connect()
    return performance.now() - began
  },
  prepare: () => fleet!.prepare(),
  whenConnected: () => fleet!.whenConnected(),
  counts: () => fleet!.counts,
  disconnect: () => fleet!.disconnect(),
  pollAssociations: (everyMs: number) => fleet!.pollAssociations(everyMs),
  runs: () => fleet!.runs.counts,
  forgetRuns: () => fleet!.runs.forget(),
} as Record<string, (...args: unknown[]) => unknown>

process.on('message', async ({ id, task, args }: SimulatorRequest) => {
  try {
    process.send!({ id, result: await tasks[task]!(...args) })
  } catch (error) {
    process.send!({ id, error: String(error) })
  }
})
process.on('disconnect', () => process.exit())
