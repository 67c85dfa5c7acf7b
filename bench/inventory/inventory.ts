/**
 * Inventory: what it takes to take it in, to hear that nothing changed, and to search it. A thousand nodes report their packages; for the
 * searches they are copied in the database until there are ten thousand, which through the API would take longer than all the rest.
 */
import { join } from 'node:path'
import type { GetInventoryRequest } from '@steward/model/generated/ssm.ts'
import { tables } from '@steward/server/db/database.ts'
import { openDatabase } from '@steward/server/db/open.ts'
import { enrolNodes } from '@steward/testkit/fleet.ts'
import { createDatabase, startPostgres } from '@steward/testkit/postgres.ts'
import { call } from '../api.ts'
import { FLEET_TAG } from '../fleet/enrolled-fleet.ts'
import { cpuSeconds } from '../process-usage.ts'
import { type Measurement, median, number, percentile, type Row } from '../report.ts'
import { region, rootKey, Steward } from '../steward.ts'
import { nameOf, PACKAGES_OF_A_NODE, reportsOf } from './packages.ts'

const NODES = 1000
const COPIES = 9
const AT_ONCE = 8
const SEARCHES = 40

const SEARCH_TARGET_MS = 500
const FIRST_TARGET_SECONDS = 60
const UNCHANGED_TARGET_MS = 2

export const inventoryMeasurement: Measurement = {
  title: `Inventory, ${NODES} nodes with ${PACKAGES_OF_A_NODE} packages each`,
  async run(say) {
    const rows: Row[] = []
    {
      say('SQLite')
      await using steward = await Steward.start()
      rows.push(...(await measure('SQLite', steward, '', say)))
    }
    say('PostgreSQL')
    const postgres = await startPostgres()
    try {
      const { url, drop } = await createDatabase(postgres.url)
      {
        await using steward = await Steward.start({ databaseUrl: url })
        rows.push(...(await measure('PostgreSQL', steward, url, say)))
      }
      await drop()
    } finally {
      await postgres.stop()
    }
    return rows
  },
}

async function measure(
  database: string,
  steward: Steward,
  databaseUrl: string,
  say: (step: string) => void,
): Promise<Row[]> {
  say('enrolling nodes')
  const nodes = await enrolNodes({ url: steward.url, region, rootKey, count: NODES, tag: FLEET_TAG })
  const reports = nodes.map(({ nodeId }, index) => reportsOf(nodeId, index))
  say('first reports')
  const first = await timed(
    steward,
    reports.map(
      ({ first }) =>
        () =>
          call(steward.url, 'PutInventory', first),
    ),
  )
  say('reports without a change')
  const same = await timed(
    steward,
    reports.map(
      ({ unchanged }) =>
        () =>
          call(steward.url, 'PutInventory', unchanged),
    ),
  )
  say(`copying nodes until there are ${number(NODES * (COPIES + 1))}`)
  await steward.stop()
  await copyNodes(databaseUrl, join(steward.data, 'steward.db'))
  await steward.start()
  say('searching')
  const { cold, times } = await search(steward)
  const [p50, p95] = [median(times), percentile(times, 95)]
  const row = (what: string, figure: string, more: string, target: string, met: boolean | undefined): Row => ({
    what: `${database}: ${what}`,
    steward: figure,
    beside: more,
    ratio: '',
    target,
    met,
  })
  return [
    row(
      'first reports, durable',
      `${number(first.seconds, 1)} s`,
      `${number((1000 * first.cpu) / NODES, 1)} ms of the server’s processor each`,
      `≤ ${FIRST_TARGET_SECONDS} s`,
      first.seconds <= FIRST_TARGET_SECONDS,
    ),
    row(
      'a report without a change, processor of the server',
      `${number((1000 * same.cpu) / NODES, 2)} ms`,
      '',
      `≤ ${UNCHANGED_TARGET_MS} ms`,
      (1000 * same.cpu) / NODES <= UNCHANGED_TARGET_MS,
    ),
    row(
      `GetInventory with filter and aggregator over ${number(NODES * (COPIES + 1))} nodes, 95 of 100`,
      `${number(p95)} ms (median ${number(p50)})`,
      `the first after a start ${number(cold)} ms`,
      `≤ ${SEARCH_TARGET_MS} ms`,
      p95 <= SEARCH_TARGET_MS,
    ),
  ]
}

/** Does all of it, some at a time. */
async function timed(steward: Steward, work: readonly (() => Promise<unknown>)[]) {
  const [began, cpu] = [performance.now(), cpuSeconds(steward.pid)]
  let next = 0
  const some = async () => {
    while (next < work.length) await work[next++]!()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, some))
  return { seconds: (performance.now() - began) / 1000, cpu: cpuSeconds(steward.pid) - cpu }
}

const TABLES = ['node', 'inventory_item', 'inventory_content']

async function copyNodes(url: string, file: string): Promise<void> {
  const database = openDatabase(url, file)
  for (const table of TABLES) {
    const [row] = await database.read((reader) =>
      tables<Record<string, Record<string, unknown>>>(reader).selectFrom(table).selectAll().limit(1).execute(),
    )
    const columns = Object.keys(row!)
    await database.write(async (tx) => {
      const db = tables<Record<string, Record<string, unknown>>>(tx)
      for (let copy = 0; copy < COPIES; copy++) {
        const rows = db
          .selectFrom(table)
          // Ids of copies begin with a letter that ids of nodes do not have.
          .select((eb) =>
            columns.map((column) =>
              column === 'node_id'
                ? eb.fn<string>('replace', ['node_id', eb.val('mi-'), eb.val(`mi-${'ghjkmnpqr'[copy]}`)]).as(column)
                : column,
            ),
          )
          .where((eb) => eb(eb.fn<number>('length', ['node_id']), '=', 'mi-'.length + 17))
        await db.insertInto(table).columns(columns).expression(rows).execute()
      }
    })
  }
  await database.close()
}

/** How long searches take that nobody asked before, in milliseconds; `cold` is the first one, which finds nothing in memory. */
async function search({ url }: Steward): Promise<{ cold: number; times: number[] }> {
  const times: number[] = []
  for (let turn = 0; turn <= SEARCHES; turn++) {
    const began = performance.now()
    const { Entities } = await call(url, 'GetInventory', searchOf(turn))
    times.push(performance.now() - began)
    if (!Entities?.length) throw new Error('The search found nothing.')
  }
  const [cold, ...rest] = times
  return { cold: cold!, times: rest }
}

function searchOf(turn: number): GetInventoryRequest {
  const version = [{ Expression: 'AWS:Application.Version' }]
  const name = 'AWS:Application.Name'
  const filters = [
    [{ Key: name, Values: [nameOf(500 + turn)] }],
    [
      { Key: name, Type: 'BeginWith' as const, Values: [nameOf(1 + (turn % 8))] },
      { Key: 'AWS:Application.Version', Type: 'GreaterThan' as const, Values: ['1.10'] },
    ],
    [
      { Key: name, Values: [nameOf(turn)] },
      { Key: 'AWS:InstanceInformation.PlatformType', Values: ['Linux'] },
    ],
  ]
  const aggregators = [
    [{ Expression: name, Aggregators: version }],
    [{ Expression: name, Aggregators: [{ Expression: 'AWS:InstanceInformation.PlatformVersion' }] }],
  ]
  return {
    Filters: filters[turn % filters.length],
    Aggregators: aggregators[turn % aggregators.length],
    MaxResults: 50,
  }
}
