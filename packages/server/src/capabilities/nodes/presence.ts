/**
 * Who is online, as columns, so that a query can filter by it. A node is online while its control channel is open
 * (`connected`), or until `online_until`, which every other sign of life moves: a health report for two more reports' time, a
 * long poll until the next one is overdue. A channel that closes leaves a few seconds for coming back, however long the
 * earlier signs would have held: a dead agent is lost within ten seconds.
 *
 * After a crash of the server rows may still say `connected`; `serverStarted` gives those nodes time to come back.
 */
import type { PingStatus } from '@steward/model/generated/ssm.ts'
import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely'
import { noteChange } from '#db/changes.ts'
import { type Tx, tables } from '#db/database.ts'
import type { Sighting } from '#kernel/declare.ts'
import type { NodeTables } from './tables.ts'

const SECOND_MS = 1000
const RECONNECT_MS = 5 * SECOND_MS
const AFTER_RESTART_MS = 30 * SECOND_MS
const POLL_MS = 30 * SECOND_MS
/** Polls come every few seconds; only one that moves `online_until` by more than this is written. */
const POLL_GRAIN_MS = 10 * SECOND_MS
/** Agents report every five minutes; one report may be missed. */
const REPORT_MS = 11 * 60 * SECOND_MS
const INACTIVE_AFTER_MS = 30 * 24 * 3600 * SECOND_MS

/** The node's PingStatus at `now`, for the columns of a row called `node`. */
export function pingStatus(now: Date): RawBuilder<PingStatus> {
  return sql<PingStatus>`case
    when node.connected = 1 or node.online_until > ${now.toISOString()} then 'Online'
    when node.online_until < ${later(now, -INACTIVE_AFTER_MS)} then 'Inactive'
    else 'ConnectionLost' end`
}

/** What `pingStatus` turns on. */
export interface PresenceColumns {
  readonly connected: number
  readonly online_until: string
}

/** The same rule for a row that was read: the status at `now`, and when, in epoch milliseconds, it changes if nothing is heard. */
export function presenceAt(
  { connected, online_until }: PresenceColumns,
  now: Date,
): { status: PingStatus; until: number } {
  const never = Number.POSITIVE_INFINITY
  if (connected === 1) return { status: 'Online', until: never }
  const onlineUntil = Date.parse(online_until)
  if (onlineUntil > now.getTime()) return { status: 'Online', until: onlineUntil }
  const inactiveFrom = onlineUntil + INACTIVE_AFTER_MS + 1
  return inactiveFrom > now.getTime()
    ? { status: 'ConnectionLost', until: inactiveFrom }
    : { status: 'Inactive', until: never }
}

/** The word of ListNodes for each PingStatus. */
export const INSTANCE_STATUSES: Readonly<Record<PingStatus, string>> = {
  Online: 'Active',
  ConnectionLost: 'ConnectionLost',
  Inactive: 'ConnectionLost',
}

/** The node's InstanceStatus at `now`, for the columns of a row called `node`. */
export function instanceStatus(now: Date): RawBuilder<string> {
  return sql<string>`case ${pingStatus(now)} when 'Online' then 'Active' else 'ConnectionLost' end`
}

/** `online_until` after a health report. An open channel knows better, so a report beside one does not move it. */
export function onlineUntilAfterReport(now: Date) {
  return (eb: ExpressionBuilder<NodeTables, 'node'>) =>
    eb.case().when('connected', '=', 1).then(eb.ref('online_until')).else(later(now, REPORT_MS)).end()
}

/** Takes in a batch of sightings, in the order in which they happened, in one statement for each kind. */
export async function seen(tx: Tx, sightings: readonly Sighting[]): Promise<void> {
  const { connected, disconnected, alive } = outcome(sightings)
  const db = tables<NodeTables>(tx)
  if (disconnected.ids.length > 0) {
    const change = { connected: 0, online_until: later(disconnected.at, RECONNECT_MS) }
    await db.updateTable('node').set(change).where('node_id', 'in', disconnected.ids).execute()
    noteChange(tx, { kind: 'nodes', ids: disconnected.ids, againAfterMs: RECONNECT_MS + 1 })
  }
  if (connected.ids.length > 0) {
    const change = { connected: 1, last_ping_at: connected.at.toISOString() }
    await db.updateTable('node').set(change).where('node_id', 'in', connected.ids).execute()
    noteChange(tx, { kind: 'nodes', ids: connected.ids })
  }
  if (alive.ids.length > 0) {
    await db
      .updateTable('node')
      .set({ online_until: later(alive.at, POLL_MS) })
      .where('node_id', 'in', alive.ids)
      .where('online_until', '<', later(alive.at, POLL_MS - POLL_GRAIN_MS))
      .execute()
  }
}

/** Nodes whose channel this server's predecessor left open have half a minute to come back. */
export async function serverStarted(tx: Tx, at: Date): Promise<void> {
  await tables<NodeTables>(tx)
    .updateTable('node')
    .set({ connected: 0, online_until: later(at, AFTER_RESTART_MS) })
    .where('connected', '=', 1)
    .execute()
}

interface Group {
  readonly ids: string[]
  /** The latest sighting of the group. A batch spans milliseconds, so one instant serves all. */
  at: Date
}

/** What the sightings come down to for each node: the last opening or closing counts, and polls since then. */
function outcome(sightings: readonly Sighting[]): Record<Sighting['event'], Group> {
  const last = new Map<string, { channel?: Sighting; alive?: Sighting }>()
  for (const sighting of sightings) {
    const known = last.get(sighting.nodeId)
    if (sighting.event !== 'alive') last.set(sighting.nodeId, { channel: sighting })
    else last.set(sighting.nodeId, { ...known, alive: sighting })
  }
  const group = (): Group => ({ ids: [], at: new Date(0) })
  const groups = { connected: group(), disconnected: group(), alive: group() }
  for (const { channel, alive } of last.values()) {
    for (const sighting of [channel, alive]) {
      if (!sighting) continue
      const of = groups[sighting.event]
      of.ids.push(sighting.nodeId)
      if (sighting.at > of.at) of.at = sighting.at
    }
  }
  return groups
}

function later(at: Date, milliseconds: number): string {
  return new Date(at.getTime() + milliseconds).toISOString()
}
