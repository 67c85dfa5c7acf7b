/**
 * Three associations with 10,000 nodes each, every half hour: what scheduling costs while nothing is due and over a whole round, and
 * whether all nodes begin at once, when the associations are made and when they come due while the server is away. The nodes are
 * connected and ask for their associations every ten minutes all the time, so what is counted is what associations add to that.
 */
import { join } from 'node:path'
import { tables } from '@steward/server/db/database.ts'
import { openDatabase } from '@steward/server/db/open.ts'
import { call } from '../api.ts'
import { type EnrolledFleet, FLEET_SIZE, FLEET_TAG } from '../fleet/enrolled-fleet.ts'
import { SimulatorProcess } from '../fleet/simulator-process.ts'
import { cpuSeconds } from '../process-usage.ts'
import { type Measurement, number, type Row } from '../report.ts'
import { Steward } from '../steward.ts'

const ASSOCIATIONS = 3
const RUNS = ASSOCIATIONS * FLEET_SIZE
const SCHEDULE = 'rate(30 minutes)'
const PERIOD_SECONDS = 30 * 60
const POLL_MS = 10 * 60_000
const IDLE_MS = 10_000
/** So long a round is watched after each restart; to its end would take minutes. */
const WATCHED_MS = 25_000
const ROUND_WITHIN_MS = 280_000

const CPU_TARGET = 0.05
/** The most that begin in one second, for the mean. */
const HERD_TARGET = 3

export function associationsMeasurement(enrolled: () => Promise<EnrolledFleet>): Measurement {
  return {
    title: `${ASSOCIATIONS} associations with ${number(FLEET_SIZE)} nodes each`,
    async run(say) {
      say('enrolling the fleet')
      const fleet = await enrolled()
      await using steward = await Steward.start({ data: fleet.data })
      await using simulator = new SimulatorProcess()
      await simulator.play(steward.url, fleet.file, FLEET_SIZE)
      await simulator.pollAssociations(POLL_MS)
      await simulator.connect()
      return await measure(steward, simulator, say)
    },
  }
}

async function measure(steward: Steward, simulator: SimulatorProcess, say: (line: string) => void): Promise<Row[]> {
  await sleep(IDLE_MS)
  say('idle, without associations')
  const without = await idle(steward)
  say('a round, from the making of the associations')
  const ids = await createAssociations(steward)
  const round = await wholeRound(steward, simulator, without)
  say('idle, with associations of which none is due')
  const withThem = await idle(steward)
  say('due while the server is away (SIGTERM)')
  const after = await dueWhileAway(steward, simulator)
  say('SIGKILL in the middle')
  const killed = await killedInTheMiddle(steward, simulator)
  await checkExact(steward, simulator, ids)
  return [
    cpuRow('processor while none is due, more than without associations', withThem - without, {
      beside: `${percent(without)} without`,
    }),
    cpuRow('processor of a whole round every half hour, with all that nodes ask and say', round.cpu / PERIOD_SECONDS, {
      beside: `${number((1000 * round.cpu) / RUNS, 2)} ms for each run`,
    }),
    herdRow('begun when made: most in a second', round.perSecond),
    herdRow('due while the server was away (SIGTERM): most in a second', after),
    herdRow('after SIGKILL in the middle: most in a second', killed),
  ]
}

/** The server's share of a core. */
async function idle(steward: Steward): Promise<number> {
  const before = cpuSeconds(steward.pid)
  await sleep(IDLE_MS)
  return (cpuSeconds(steward.pid) - before) / (IDLE_MS / 1000)
}

async function createAssociations(steward: Steward): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < ASSOCIATIONS; index++) {
    const { AssociationDescription } = await call(steward.url, 'CreateAssociation', {
      Name: 'AWS-RunShellScript',
      AssociationName: `bench-${index}`,
      Targets: [{ Key: `tag:${FLEET_TAG.Key}`, Values: [FLEET_TAG.Value] }],
      Parameters: { commands: ['true'] },
      ScheduleExpression: SCHEDULE,
    })
    ids.push(AssociationDescription!.AssociationId!)
  }
  return ids
}

/** Seconds of the processor beyond what the server uses while idle. */
async function wholeRound(steward: Steward, simulator: SimulatorProcess, idleCpu: number) {
  const [began, cpu] = [performance.now(), cpuSeconds(steward.pid)]
  const until = began + ROUND_WITHIN_MS
  for (;;) {
    const { ended, mostOfOne, perSecond } = await simulator.runs()
    if (mostOfOne > 1) throw new Error(`A node ran one association ${mostOfOne} times.`)
    if (ended === RUNS) {
      const seconds = (performance.now() - began) / 1000
      return { cpu: cpuSeconds(steward.pid) - cpu - seconds * idleCpu, perSecond }
    }
    if (performance.now() > until) throw new Error(`Only ${ended} of ${RUNS} runs have ended.`)
    await sleep(500)
  }
}

/** Starts in each second of those whose time came while the server was away, until some are left for the next restart. */
async function dueWhileAway(steward: Steward, simulator: SimulatorProcess): Promise<readonly number[]> {
  await simulator.prepare()
  await simulator.forgetRuns()
  await steward.stop('SIGTERM')
  await bringForward(join(steward.data, 'steward.db'))
  await steward.start()
  await simulator.whenConnected()
  await sleep(WATCHED_MS)
  return (await simulator.runs()).perSecond
}

/** Waiting half an hour would be the same. */
async function bringForward(file: string): Promise<void> {
  const database = openDatabase('', file)
  const next_run = new Date().toISOString()
  await database.write((tx) =>
    tables<{ association: { next_run: string } }>(tx).updateTable('association').set({ next_run }).execute(),
  )
  await database.close()
}

async function killedInTheMiddle(steward: Steward, simulator: SimulatorProcess): Promise<readonly number[]> {
  await simulator.prepare()
  const { perSecond: before } = await simulator.runs()
  await steward.stop('SIGKILL')
  await steward.start()
  await simulator.whenConnected()
  await sleep(WATCHED_MS)
  return (await simulator.runs()).perSecond.slice(before.length)
}

/** Each association has served its time once, and of its nodes each has run it once, or will. */
async function checkExact(steward: Steward, simulator: SimulatorProcess, ids: readonly string[]): Promise<void> {
  const { mostOfOne } = await simulator.runs()
  if (mostOfOne > 1) throw new Error(`A node ran one association ${mostOfOne} times.`)
  for (const AssociationId of ids) {
    const { AssociationExecutions: executions } = await call(steward.url, 'DescribeAssociationExecutions', {
      AssociationId,
    })
    if (executions?.length !== 2) throw new Error(`There were ${executions?.length} executions, not 2.`)
    const counts = executions[0]!.ResourceCountByStatus!
    const total = [...counts.matchAll(/=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
    if (total !== FLEET_SIZE || /Failed|TimedOut|Skipped/.test(counts)) throw new Error(`An execution has ${counts}.`)
  }
}

function cpuRow(what: string, share: number, { beside }: { beside: string }): Row {
  const target = `< ${CPU_TARGET * 100} % of a core`
  return { what, steward: percent(share), beside, ratio: '', target, met: share < CPU_TARGET }
}

function herdRow(what: string, perSecond: readonly number[]): Row {
  const most = Math.max(...perSecond)
  const mean = perSecond.reduce((sum, count) => sum + count, 0) / perSecond.length
  return {
    what,
    steward: number(most),
    beside: `${number(mean)} on average, for ${number(perSecond.length)} s`,
    ratio: number(most / mean, 2),
    target: `≤ ${HERD_TARGET}`,
    met: most <= HERD_TARGET * mean,
  }
}

function percent(share: number): string {
  return `${number(share * 100, 1)} % of a core`
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
