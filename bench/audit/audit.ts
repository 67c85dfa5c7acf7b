/** What the audit trail costs: the same requests to the same server, in turns with its trail and with one that keeps nothing. */
import { call } from '../api.ts'
import { Beside } from '../beside.ts'
import { cpuSeconds } from '../process-usage.ts'
import { type Measurement, median, number, type Row } from '../report.ts'
import { LoadProcess } from '../requests/load-process.ts'

const CONNECTIONS = 64
const ROUNDS = 7
const SECONDS = 2
/** Until code is compiled and threads that answer reads have started. */
const WARM_UP_SECONDS = 6
const PARAMETERS = 500
/** The part of the throughput that must be left. */
const TARGET = 0.85

const SERVER = new URL('server.ts', import.meta.url)

interface Workload {
  readonly what: string
  readonly operation: 'GetParameter' | 'PutParameter'
  readonly inputs: readonly object[]
}

const names = Array.from({ length: PARAMETERS }, (_, index) => `/bench/group-${index % 10}/parameter-${index}`)

const WORKLOADS: readonly Workload[] = [
  { what: 'GetParameter', operation: 'GetParameter', inputs: names.map((Name) => ({ Name })) },
  {
    what: 'PutParameter, durable',
    operation: 'PutParameter',
    inputs: names.map((Name) => ({ Name, Type: 'String', Value: 'another', Overwrite: true })),
  },
]

export const auditMeasurement: Measurement = {
  title: 'Requests per second with and without audit records, 64 connections',
  async run(say) {
    await using audited = await Beside.start(SERVER)
    await using unaudited = await Beside.start(SERVER, 'unaudited')
    await using load = new LoadProcess()
    say('preparing parameters')
    for (const { url } of [audited, unaudited]) {
      for (const Name of names) await call(url, 'PutParameter', { Name, Type: 'String', Value: 'a value' })
    }
    const rows: Row[] = []
    for (const workload of WORKLOADS) {
      say(workload.what)
      rows.push(await compare(load, workload, audited, unaudited))
    }
    return rows
  },
}

async function compare(load: LoadProcess, workload: Workload, audited: Beside, unaudited: Beside): Promise<Row> {
  for (const server of [audited, unaudited]) await measure(load, workload, server, WARM_UP_SECONDS)
  const rounds = []
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await measure(load, workload, audited, SECONDS)
    const theirs = await measure(load, workload, unaudited, SECONDS)
    rounds.push({ ours, theirs })
  }
  const ratio = median(rounds.map(({ ours, theirs }) => ours.perSecond / theirs.perSecond))
  const cpuRatio = median(rounds.map(({ ours, theirs }) => ours.perCpuSecond / theirs.perCpuSecond))
  return {
    what: workload.what,
    steward: `${number(median(rounds.map(({ ours }) => ours.perSecond)))} /s`,
    beside: `${number(median(rounds.map(({ theirs }) => theirs.perSecond)))} /s`,
    ratio: `${number(ratio, 2)} (for each CPU-second ${number(cpuRatio, 2)})`,
    target: `≥ ${TARGET}`,
    met: ratio >= TARGET,
  }
}

async function measure(load: LoadProcess, { operation, inputs }: Workload, { url, pid }: Beside, seconds: number) {
  const before = cpuSeconds(pid)
  const bodies = inputs.map((input) => JSON.stringify(input))
  const { perSecond, refused } = await load.run({ url, operation, bodies, connections: CONNECTIONS, seconds })
  if (refused > 0) throw new Error(`${refused} calls of ${operation} were refused by ${url}.`)
  return { perSecond, perCpuSecond: (perSecond * seconds) / (cpuSeconds(pid) - before) }
}
