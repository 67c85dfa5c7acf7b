/** What processes use, from /proc: Linux only. */
import { readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100
const MB = 1024

/** Memory in MB: resident, and proportional (pages that processes share are divided among them). */
export function memory(...pids: number[]): { rss: number; pss: number } {
  const sum = { rss: 0, pss: 0 }
  for (const pid of pids) {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    sum.rss += Number(/^Rss:\s+(\d+)/m.exec(text)![1]) / MB
    sum.pss += Number(/^Pss:\s+(\d+)/m.exec(text)![1]) / MB
  }
  return sum
}

/** What makes a Node process take `settledMemory`'s signal. */
export const COLLECTABLE = ['--expose-gc', '--import', new URL('collect-garbage.ts', import.meta.url).href]
/** V8 gives pages back to the system some time after a collection. */
const GIVING_BACK_MS = 2_000
/** Of what a start leaves behind, more than a hundred MB are found by the sixth or seventh only. */
const COLLECTIONS = 10

/** Resident memory in MB of a process that was started with `COLLECTABLE`, without what it would throw away. */
export async function settledMemory(pid: number): Promise<number> {
  for (let round = 0; round < COLLECTIONS; round++) {
    process.kill(pid, 'SIGUSR2')
    await new Promise((resolve) => setTimeout(resolve, GIVING_BACK_MS))
  }
  return memory(pid).rss
}

/** Seconds of processor time that the processes, all their threads together, have used. */
export function cpuSeconds(...pids: number[]): number {
  let ticks = 0
  for (const pid of pids) {
    // The name in parentheses may hold anything; the fields after it do not.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / TICKS_PER_SECOND
}
