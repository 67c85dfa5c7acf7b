/**
 * Signed requests per second at 64 connections, each second round of which goes to a bare server that checks the signature and
 * sends the very same answers from a Map. On two cores the load generator has one and the server the other.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Operations } from '@steward/model/generated/ssm.ts'
import { call } from '../api.ts'
import { Beside } from '../beside.ts'
import { cpuSeconds } from '../process-usage.ts'
import { median, number, type Row } from '../report.ts'
import type { Steward } from '../steward.ts'
import type { Load, LoadProcess } from './load-process.ts'

const CONNECTIONS = 64
const ROUNDS = 5
const SECONDS = 2
/** A reading thread is there after 2 to 3 seconds, and its code is compiled some seconds later. */
const WARM_UP_SECONDS = 6

/** What share of the bare server's rate reads and writes must reach. */
export const READ_TARGET = 0.6
export const WRITE_TARGET = 0.35

export interface Workload {
  readonly what: string
  readonly operation: keyof Operations
  /** One of them at random for each request; each is asked once beforehand, for its answer. */
  readonly inputs: readonly object[]
  readonly target: number
}

/** Measures Steward and the bare server in turns. */
export async function compare(steward: Steward, generator: LoadProcess, workload: Workload): Promise<Row> {
  await using bare = await Beside.start(
    new URL('bare-server.ts', import.meta.url),
    await recordAnswers(steward, workload),
  )
  const { operation } = workload
  const load = { operation, bodies: workload.inputs.map((input) => JSON.stringify(input)), connections: CONNECTIONS }
  const rounds = []
  for (const { url, pid } of [steward, bare]) await measure(generator, { ...load, url, seconds: WARM_UP_SECONDS }, pid)
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await measure(generator, { ...load, url: steward.url, seconds: SECONDS }, steward.pid)
    const theirs = await measure(generator, { ...load, url: bare.url, seconds: SECONDS }, bare.pid)
    rounds.push({ ours, theirs })
  }
  return toRow(workload, rounds)
}

/** Steward's own rate, without anything beside it. */
export async function rate(steward: Steward, generator: LoadProcess, { operation, inputs }: Workload): Promise<number> {
  const bodies = inputs.map((input) => JSON.stringify(input))
  const load = { operation, bodies, connections: CONNECTIONS, url: steward.url, seconds: SECONDS }
  await measure(generator, { ...load, seconds: WARM_UP_SECONDS }, steward.pid)
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round++) rates.push((await measure(generator, load, steward.pid)).perSecond)
  return median(rates)
}

/** Asks Steward everything once; the bare server will answer the same. Returns the file. */
async function recordAnswers(steward: Steward, { operation, inputs }: Workload): Promise<string> {
  const lines: string[] = []
  for (const input of inputs) {
    const answer = await call(steward.url, operation, input as Parameters<typeof call<typeof operation>>[2])
    lines.push(JSON.stringify({ body: JSON.stringify(input), answer: JSON.stringify(answer) }))
  }
  const file = join(steward.data, 'bench-answers.jsonl')
  writeFileSync(file, lines.join('\n'))
  return file
}

interface Rate {
  readonly perSecond: number
  /** Requests for each second of processor time that the server used: steadier than the clock when others work too. */
  readonly perCpuSecond: number
}

async function measure(generator: LoadProcess, load: Load, pid: number): Promise<Rate> {
  const before = cpuSeconds(pid)
  const { perSecond, refused } = await generator.run(load)
  if (refused > 0) throw new Error(`${refused} calls of ${load.operation} were refused by ${load.url}.`)
  return { perSecond, perCpuSecond: (perSecond * load.seconds) / (cpuSeconds(pid) - before) }
}

function toRow({ what, target }: Workload, rounds: readonly { ours: Rate; theirs: Rate }[]): Row {
  const ratio = median(rounds.map(({ ours, theirs }) => ours.perSecond / theirs.perSecond))
  const cpuRatio = median(rounds.map(({ ours, theirs }) => ours.perCpuSecond / theirs.perCpuSecond))
  return {
    what,
    steward: `${number(median(rounds.map(({ ours }) => ours.perSecond)))} /s`,
    beside: `${number(median(rounds.map(({ theirs }) => theirs.perSecond)))} /s`,
    ratio: `${number(ratio, 2)} (for each CPU-second ${number(cpuRatio, 2)})`,
    target: `≥ ${target}`,
    met: ratio >= target,
  }
}
