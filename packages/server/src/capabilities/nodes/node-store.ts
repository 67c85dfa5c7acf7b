import type { ExpressionBuilder } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { NodeIdentity } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { type HealthReport, type Registration, versionKey } from './node.ts'
import { onlineUntilAfterReport } from './presence.ts'
import type { NodeTable, NodeTables } from './tables.ts'

export async function addNode(tx: Tx, registration: Registration): Promise<void> {
  const registeredAt = registration.registeredAt.toISOString()
  await tables<NodeTables>(tx)
    .insertInto('node')
    .values({
      node_id: registration.nodeId,
      account: registration.scope.account,
      region: registration.scope.region,
      activation_id: registration.activationId,
      iam_role: registration.iamRole,
      name: registration.name ?? null,
      fingerprint: registration.fingerprint,
      public_key: registration.publicKey,
      registered_at: registeredAt,
      connected: 0,
      online_until: registeredAt,
    })
    .execute()
}

/** The node with this id in whatever account and Region: what proves a node is looked up before its scope is known. */
export async function findIdentity(reader: Reader, nodeId: string): Promise<NodeIdentity | undefined> {
  const row = await tables<NodeTables>(reader)
    .selectFrom('node')
    .select(['account', 'region', 'iam_role', 'public_key', 'previous_public_key'])
    .where('node_id', '=', nodeId)
    .executeTakeFirst()
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
  const { numUpdatedRows } = await tables<NodeTables>(tx)
    .updateTable('node')
    .set((eb) => ({
      ...reportedColumns(report),
      last_ping_at: now.toISOString(),
      online_until: onlineUntilAfterReport(now)(eb),
    }))
    .where(isNode(scope, nodeId))
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** False if there is no such node. */
export async function setRole(tx: Tx, scope: Scope, nodeId: string, iamRole: string): Promise<boolean> {
  const { numUpdatedRows } = await tables<NodeTables>(tx)
    .updateTable('node')
    .set({ iam_role: iamRole })
    .where(isNode(scope, nodeId))
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** False if there is no such node. */
export async function removeNode(tx: Tx, scope: Scope, nodeId: string): Promise<boolean> {
  const { numDeletedRows } = await tables<NodeTables>(tx)
    .deleteFrom('node')
    .where(isNode(scope, nodeId))
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
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

/** Only what was said: Kysely leaves undefined columns as they are. */
function reportedColumns(report: HealthReport): Partial<NodeTable> {
  return {
    agent_name: report.agentName,
    agent_version: report.agentVersion,
    agent_version_key: report.agentVersion && versionKey(report.agentVersion),
    platform_type: report.platformType,
    platform_name: report.platformName,
    platform_version: report.platformVersion,
    platform_version_key: report.platformVersion && versionKey(report.platformVersion),
    computer_name: report.computerName,
    ip_address: report.ipAddress,
  }
}

function isNode(scope: Scope, nodeId: string) {
  return (eb: ExpressionBuilder<NodeTables, 'node'>) =>
    eb.and([eb('node_id', '=', nodeId), eb('account', '=', scope.account), eb('region', '=', scope.region)])
}
