/**
 * Parameter Store beside the bare server (requests/compare.ts), then the same reads with a million parameters around them. Those are
 * written into the database file directly: through the API they would take longer than everything else.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { call } from '../api.ts'
import { type Measurement, number, type Row } from '../report.ts'
import { compare, READ_TARGET, rate, type Workload, WRITE_TARGET } from '../requests/compare.ts'
import { LoadProcess } from '../requests/load-process.ts'
import { Steward } from '../steward.ts'

const SOME = 1000
const MANY = 1_000_000
const SECURE_TARGET = 0.4
/** What a million parameters may leave of the rate of point reads. */
const CROWDED_TARGET = 0.8

const plain = Array.from({ length: SOME }, (_, index) => `/bench/group-${index % 10}/plain-${index}`)
const secure = Array.from({ length: SOME }, (_, index) => `/bench/group-${index % 10}/secure-${index}`)

const READ: Workload = {
  what: 'GetParameter',
  operation: 'GetParameter',
  inputs: plain.map((Name) => ({ Name })),
  target: READ_TARGET,
}

const BY_PATH: Workload = {
  what: 'GetParametersByPath, 10 of a path',
  operation: 'GetParametersByPath',
  inputs: Array.from({ length: 10 }, (_, group) => ({ Path: `/bench/group-${group}` })),
  target: READ_TARGET,
}

const WORKLOADS: readonly Workload[] = [
  READ,
  {
    what: 'GetParameter of a SecureString, decrypted',
    operation: 'GetParameter',
    inputs: secure.map((Name) => ({ Name, WithDecryption: true })),
    target: SECURE_TARGET,
  },
  BY_PATH,
  {
    what: 'PutParameter, a new version, durable',
    operation: 'PutParameter',
    inputs: plain.map((Name) => ({ Name, Value: 'another', Overwrite: true })),
    target: WRITE_TARGET,
  },
]

export const parametersMeasurement: Measurement = {
  title: 'Parameter Store, signed requests per second, 64 connections',
  async run(say) {
    await using steward = await Steward.start()
    await using load = new LoadProcess()
    say('preparing parameters')
    await prepare(steward)
    const rows: Row[] = []
    for (const workload of WORKLOADS) {
      say(workload.what)
      rows.push(await compare(steward, load, workload))
    }
    return [...rows, ...(await crowded(steward, load, say))]
  },
}

async function prepare({ url }: Steward): Promise<void> {
  for (const Name of plain) await call(url, 'PutParameter', { Name, Value: `value of ${Name}`, Type: 'String' })
  for (const Name of secure) await call(url, 'PutParameter', { Name, Value: `value of ${Name}`, Type: 'SecureString' })
}

/** The rates of reads before and after the server got a million more parameters. */
async function crowded(steward: Steward, load: LoadProcess, say: (step: string) => void): Promise<Row[]> {
  const reads = [READ, BY_PATH]
  const rates = async () => {
    const found: number[] = []
    for (const read of reads) found.push(await rate(steward, load, read))
    return found
  }
  const alone = await rates()
  say(`adding ${number(MANY)} parameters`)
  await steward.stop()
  addParameters(join(steward.data, 'steward.db'))
  await steward.start()
  say('reading among them')
  const among = await rates()
  return reads.map(({ what }, index) => {
    const ratio = among[index]! / alone[index]!
    return {
      what: `${what}, among ${number(MANY)} others`,
      steward: `${number(among[index]!)} /s`,
      beside: `${number(alone[index]!)} /s without them`,
      ratio: number(ratio, 2),
      target: `≥ ${CROWDED_TARGET}`,
      met: ratio >= CROWDED_TARGET,
    }
  })
}

/** Copies of one parameter under other names, around the ones that are read. */
function addParameters(file: string): void {
  const database = new DatabaseSync(file)
  const columns = database
    .prepare('select * from parameter limit 1')
    .columns()
    .map(({ name }) => name)
  const values = columns.map((name) => (name === 'key' || name === 'name' ? 'k' : name === 'parent' ? 'p' : name))
  database.exec(`
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${MANY}),
      names(k, p) as (select '/' || char(97 + n % 26) || '/' || (n % 1000) || '/' || n, '/' || char(97 + n % 26) || '/' || (n % 1000) from numbers)
    insert into parameter (${columns.join(', ')})
    select ${values.join(', ')} from names, (select * from parameter where key = '${plain[0]}')`)
  database.close()
}
