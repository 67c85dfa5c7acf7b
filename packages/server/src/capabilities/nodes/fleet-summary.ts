/** The fleet in numbers, each with what it is a part of. */
import type {
  AgentCount,
  FleetActivation,
  FleetActivationsSummary,
  FleetNodesSummary,
  GroupOverviewNodes,
  NodeGroup,
} from '@steward/model/generated/steward.ts'
import { sql } from 'kysely'
import { type Reader, select, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { countWaiting } from './enrolment-request-store.ts'
import type { NodeCondition } from './node-condition.ts'
import { isNoOlder } from './node-query.ts'
import { groupNodes, searchConditions, searchNodes, toFleetNodes } from './node-search.ts'
import { SERVED_AGENT } from './served-agent.ts'
import type { NodeTables } from './tables.ts'

const RECENTLY_LOST = 5
const SOON_MS = 2 * 24 * 3600 * 1000
const EXPIRING_SHOWN = 10

/** Takes a fraction of a second for the largest fleets: it counts, and lists only a few nodes. */
export async function summarizeNodes(reader: Reader, scope: Scope, now: Date): Promise<FleetNodesSummary> {
  const statuses = await groupNodes(reader, scope, [], 'PingStatus', now)
  const count = (status: string) => Number(statuses.find(({ Value }) => Value === status)?.Count ?? 0)
  const agents = await agentCounts(reader, scope)
  const sum = (counts: readonly { Count?: number | undefined }[]) =>
    counts.reduce((total, { Count = 0 }) => total + Number(Count), 0)
  return {
    Total: sum(statuses),
    Online: count('Online'),
    ConnectionLost: count('ConnectionLost'),
    Inactive: count('Inactive'),
    NeverReported: await neverReported(reader, scope),
    Platforms: await groupNodes(reader, scope, [], 'PlatformName', now),
    Agents: agents,
    AgentsKnown: sum(agents),
    AgentsOutdated: sum(agents.filter(({ IsLatestVersion }) => !IsLatestVersion)),
    RecentlyLost: await recentlyLost(reader, scope, now),
  }
}

/** The nodes that meet all conditions, in numbers. */
export async function summarizeNodesOf(
  reader: Reader,
  scope: Scope,
  conditions: readonly NodeCondition[],
  now: Date,
): Promise<GroupOverviewNodes> {
  const Statuses = await groupNodes(reader, scope, conditions, 'PingStatus', now)
  const sum = (which: readonly NodeGroup[]) => which.reduce((total, { Count }) => total + Number(Count), 0)
  return {
    Total: sum(Statuses),
    Online: sum(Statuses.filter(({ Value }) => Value === 'Online')),
    Statuses,
    Platforms: await groupNodes(reader, scope, conditions, 'PlatformName', now),
  }
}

/** How many nodes run which version of which agent, the newest first. */
async function agentCounts(reader: Reader, { account, region }: Scope): Promise<AgentCount[]> {
  const rows = await select<{ agent_name: string; agent_version: string; count: number }>(
    reader,
    sql`select agent_name, agent_version, count(*) as count from node
      where account = ${account} and region = ${region} and agent_name is not null and agent_version_key is not null
      group by agent_name, agent_version, agent_version_key order by agent_name, agent_version_key desc`,
  )
  const newest = new Map<string, string>([[SERVED_AGENT.name, SERVED_AGENT.version]])
  return rows.map(({ agent_name, agent_version, count }) => {
    if (!newest.has(agent_name)) newest.set(agent_name, agent_version)
    const IsLatestVersion = isNoOlder(agent_version, newest.get(agent_name))
    return { AgentName: agent_name, AgentVersion: agent_version, Count: Number(count), IsLatestVersion }
  })
}

async function neverReported(reader: Reader, { account, region }: Scope): Promise<number> {
  const { count } = await tables<NodeTables>(reader)
    .selectFrom('node')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account', '=', account)
    .where('region', '=', region)
    .where('last_ping_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function recentlyLost(reader: Reader, scope: Scope, now: Date) {
  const lost = searchConditions({ Filters: [{ Key: 'PingStatus', Values: ['ConnectionLost'] }] })
  const order = { by: 'LastPingDateTime', descending: true }
  const { nodes } = await searchNodes(reader, scope, lost, order, now, { after: undefined, limit: RECENTLY_LOST })
  return toFleetNodes(reader, scope, nodes)
}

/** Activations that still let machines in, those of them that soon will not although places are left, and machines that wait to be let in. */
export async function summarizeActivations(reader: Reader, scope: Scope, now: Date): Promise<FleetActivationsSummary> {
  const open = await tables<NodeTables>(reader)
    .selectFrom('activation')
    .select(['activation_id', 'description', 'expires_at', 'registration_limit', 'registrations_count'])
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('expires_at', '>', now.toISOString())
    .whereRef('registrations_count', '<', 'registration_limit')
    .orderBy('expires_at')
    .execute()
  const soon = new Date(now.getTime() + SOON_MS).toISOString()
  const expiring = open.filter(({ expires_at }) => expires_at < soon).slice(0, EXPIRING_SHOWN)
  return {
    Open: open.length,
    AwaitingApproval: await countWaiting(reader, scope),
    ExpiringSoon: expiring.map(
      (row): FleetActivation => ({
        ActivationId: row.activation_id,
        Description: row.description ?? undefined,
        ExpirationDate: new Date(row.expires_at),
        RegistrationLimit: row.registration_limit,
        RegistrationsCount: row.registrations_count,
      }),
    ),
  }
}
