import type { ExpressionBuilder, Kysely } from 'kysely'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { NodeIdentity } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import type { HealthReport, Registration } from './node.ts'
import { FACT_COLUMNS, type FactColumns, factsToStore } from './node-facts.ts'
import { onlineUntilAfterReport, type PresenceColumns } from './presence.ts'
import type { NodeTables } from './tables.ts'

export async function addNode(tx: Tx, registration: Registration): Promise<void> {
  const registeredAt = registration.registeredAt.toISOString()
  await tables<NodeTables>(tx)
    .insertInto('node')
    .values({
      node_id: registration.nodeId,
      account: registration.scope.account,
      region: registration.scope.region,
      fingerprint: registration.fingerprint,
      public_key: registration.publicKey,
      ...factsToStore({
        activation_id: registration.activationId,
        iam_role: registration.iamRole,
        registered_at: registeredAt,
        name: registration.name ?? null,
        ...NOTHING_TOLD,
      }),
      connected: 0,
      online_until: registeredAt,
    })
    .execute()
  noteChange(tx, { kind: 'nodes', ids: [registration.nodeId], region: registration.scope.region })
  noteChange(tx, { kind: 'activations', ids: [registration.activationId], region: registration.scope.region })
}

const identity = statement((db: Kysely<NodeTables>, nodeId: string) =>
  db
    .selectFrom('node')
    .select(['account', 'region', 'iam_role', 'public_key', 'previous_public_key'])
    .where('node_id', '=', nodeId),
)

/** The node with this id in whatever account and Region: what proves a node is looked up before its scope is known. */
export async function findIdentity(reader: Reader, nodeId: string): Promise<NodeIdentity | undefined> {
  const [row] = await identity(reader, nodeId)
  return (
    row && {
      scope: { account: row.account, region: row.region },
      nodeId,
      iamRole: row.iam_role,
      publicKeys: row.previous_public_key === null ? [row.public_key] : [row.public_key, row.previous_public_key],
    }
  )
}

/** What the server checks and gives when a node asks for credentials. */
export async function findCredentialsOf(
  reader: Reader,
  scope: Scope,
  nodeId: string,
): Promise<{ iamRole: string; fingerprint: string } | undefined> {
  return tables<NodeTables>(reader)
    .selectFrom('node')
    .select(['iam_role as iamRole', 'fingerprint'])
    .where(isNode(scope, nodeId))
    .executeTakeFirst()
}

/** From now on the node signs with `next`; `current`, with which it asked for the change, stays good until then. */
export async function rotateKey(tx: Tx, scope: Scope, nodeId: string, current: string, next: string): Promise<void> {
  await tables<NodeTables>(tx)
    .updateTable('node')
    .set({ public_key: next, previous_public_key: current === next ? null : current })
    .where(isNode(scope, nodeId))
    .execute()
}

/** The node has signed with its current key, so it knows that the change arrived; the former one is good no longer. */
export async function forgetPreviousKey(tx: Tx, scope: Scope, nodeId: string, used: string): Promise<void> {
  await tables<NodeTables>(tx)
    .updateTable('node')
    .set({ previous_public_key: null })
    .where(isNode(scope, nodeId))
    .where('public_key', '=', used)
    .where('previous_public_key', 'is not', null)
    .execute()
}

/** Takes in a sign of health and what the node said of itself with it. False if there is no such node. */
export async function recordHealth(
  tx: Tx,
  scope: Scope,
  nodeId: string,
  report: HealthReport,
  now: Date,
): Promise<boolean> {
  const known = await findFacts(tx, scope, nodeId)
  if (!known) return false
  await tables<NodeTables>(tx)
    .updateTable('node')
    .set((eb) => ({
      ...changedFacts(known, reportedColumns(report)),
      last_ping_at: now.toISOString(),
      online_until: onlineUntilAfterReport(now)(eb),
    }))
    .where(isNode(scope, nodeId))
    .execute()
  noteChange(tx, { kind: 'nodes', ids: [nodeId], region: scope.region })
  return true
}

/** False if there is no such node. */
export async function setRole(tx: Tx, scope: Scope, nodeId: string, iamRole: string): Promise<boolean> {
  const known = await findFacts(tx, scope, nodeId)
  if (!known) return false
  const change = factsToStore({ ...known, iam_role: iamRole })
  await tables<NodeTables>(tx).updateTable('node').set(change).where(isNode(scope, nodeId)).execute()
  return true
}

/** False if there is no such node. */
export async function removeNode(tx: Tx, scope: Scope, nodeId: string): Promise<boolean> {
  const { numDeletedRows } = await tables<NodeTables>(tx)
    .deleteFrom('node')
    .where(isNode(scope, nodeId))
    .executeTakeFirstOrThrow()
  for (const told of ['node_refusal', 'node_double'] as const)
    await tables<NodeTables>(tx).deleteFrom(told).where('node_id', '=', nodeId).execute()
  return numDeletedRows > 0n
}

/** What the node's status follows from. */
export function findPresence(reader: Reader, scope: Scope, nodeId: string): Promise<PresenceColumns | undefined> {
  return tables<NodeTables>(reader)
    .selectFrom('node')
    .select(['connected', 'online_until'])
    .where(isNode(scope, nodeId))
    .executeTakeFirst()
}

/** Whether a control channel of this node is open. */
export async function isConnected(reader: Reader, scope: Scope, nodeId: string): Promise<boolean> {
  const row = await tables<NodeTables>(reader)
    .selectFrom('node')
    .select('connected')
    .where(isNode(scope, nodeId))
    .executeTakeFirst()
  return row?.connected === 1
}

const NOTHING_TOLD = {
  agent_name: null,
  agent_version: null,
  platform_type: null,
  platform_name: null,
  platform_version: null,
  computer_name: null,
  ip_address: null,
}

function findFacts(reader: Reader, scope: Scope, nodeId: string): Promise<FactColumns | undefined> {
  return tables<NodeTables>(reader)
    .selectFrom('node')
    .select(FACT_COLUMNS)
    .where(isNode(scope, nodeId))
    .executeTakeFirst()
}

/** What a report changes. Most change nothing, and are not worth writing indexes for. */
function changedFacts(known: FactColumns, reported: Partial<FactColumns>) {
  const told = Object.entries(reported).filter(([, value]) => value !== undefined)
  const isNews = told.some(([name, value]) => known[name as keyof FactColumns] !== value)
  return isNews ? factsToStore({ ...known, ...Object.fromEntries(told) }) : {}
}

function reportedColumns(report: HealthReport): Partial<FactColumns> {
  return {
    agent_name: report.agentName,
    agent_version: report.agentVersion,
    platform_type: report.platformType,
    platform_name: report.platformName,
    platform_version: report.platformVersion,
    computer_name: report.computerName,
    ip_address: report.ipAddress,
  }
}

function isNode(scope: Scope, nodeId: string) {
  return (eb: ExpressionBuilder<NodeTables, 'node'>) =>
    eb.and([eb('node_id', '=', nodeId), eb('account', '=', scope.account), eb('region', '=', scope.region)])
}
