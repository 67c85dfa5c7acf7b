import { type Reader, type Tx, tables } from '#db/database.ts'
import type { SealedColumn } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Vault } from '#kernel/vault.ts'
import type { ConnectionSecrets } from './connection.ts'
import { noSuchApiDestination, noSuchConnection } from './errors.ts'
import type { ApiDestinationRow, ConnectionRow, EventTables } from './tables.ts'

export const sealedConnections: SealedColumn = {
  table: 'event_connection',
  column: 'sealed',
  key: ['account', 'region', 'name', 'uid'],
  aad: ({ account, region, name, uid }) => `event-connection:${account}/${region}/${name}/${uid}`,
}

type ConnectionKey = Pick<ConnectionRow, 'account' | 'region' | 'name' | 'uid'>

export function sealSecrets(
  vault: Vault,
  { account, region, name, uid }: ConnectionKey,
  secrets: ConnectionSecrets,
): Buffer {
  return vault.seal(Buffer.from(JSON.stringify(secrets)), sealedConnections.aad({ account, region, name, uid }))
}

export function openSecrets(vault: Vault, { account, region, name, uid, sealed }: ConnectionRow): ConnectionSecrets {
  const plain = vault.open(sealed, sealedConnections.aad({ account, region, name, uid }))
  return JSON.parse(plain.toString()) as ConnectionSecrets
}

export async function findConnection(reader: Reader, scope: Scope, name: string): Promise<ConnectionRow | undefined> {
  return connections(reader, scope).where('name', '=', name).executeTakeFirst()
}

/** Throws `ResourceNotFoundException`, which says what was attempted. */
export async function requireConnection(
  reader: Reader,
  scope: Scope,
  name: string,
  attempt: string,
): Promise<ConnectionRow> {
  const row = await findConnection(reader, scope, name)
  if (!row) throw noSuchConnection(attempt, name)
  return row
}

export interface ListFilter {
  readonly prefix: string
  readonly after: string
  readonly limit: number
}

export function listConnections(
  reader: Reader,
  scope: Scope,
  { prefix, after, limit }: ListFilter,
): Promise<ConnectionRow[]> {
  return connections(reader, scope)
    .where('name', '>', after)
    .where('name', '>=', prefix)
    .where('name', '<', `${prefix}\u007f`)
    .orderBy('name')
    .limit(limit)
    .execute()
}

export async function saveConnection(tx: Tx, row: ConnectionRow): Promise<void> {
  const { account: _account, region: _region, name: _name, ...values } = row
  await tables<EventTables>(tx)
    .insertInto('event_connection')
    .values(row)
    .onConflict((conflict) => conflict.columns(['account', 'region', 'name']).doUpdateSet(values))
    .execute()
}

export async function deleteConnection(tx: Tx, { account, region, name }: ConnectionKey): Promise<void> {
  await tables<EventTables>(tx)
    .deleteFrom('event_connection')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('name', '=', name)
    .execute()
}

/** Throws `ResourceNotFoundException`, which says what was attempted. */
export async function requireApiDestination(
  reader: Reader,
  scope: Scope,
  name: string,
  attempt: string,
): Promise<ApiDestinationRow> {
  const row = await findApiDestination(reader, scope, name)
  if (!row) throw noSuchApiDestination(attempt, name)
  return row
}

export function findApiDestination(reader: Reader, scope: Scope, name: string): Promise<ApiDestinationRow | undefined> {
  return apiDestinations(reader, scope).where('name', '=', name).executeTakeFirst()
}

export function listApiDestinations(
  reader: Reader,
  scope: Scope,
  { prefix, after, limit }: ListFilter,
  connectionArn: string | undefined,
): Promise<ApiDestinationRow[]> {
  let query = apiDestinations(reader, scope)
    .where('name', '>', after)
    .where('name', '>=', prefix)
    .where('name', '<', `${prefix}\u007f`)
  if (connectionArn) query = query.where('connection_arn', '=', connectionArn)
  return query.orderBy('name').limit(limit).execute()
}

export async function saveApiDestination(tx: Tx, row: ApiDestinationRow): Promise<void> {
  const { account: _account, region: _region, name: _name, ...values } = row
  await tables<EventTables>(tx)
    .insertInto('event_api_destination')
    .values(row)
    .onConflict((conflict) => conflict.columns(['account', 'region', 'name']).doUpdateSet(values))
    .execute()
}

export async function deleteApiDestination(tx: Tx, { account, region, name }: ApiDestinationRow): Promise<void> {
  await tables<EventTables>(tx)
    .deleteFrom('event_api_destination')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('name', '=', name)
    .execute()
}

function connections(reader: Reader, { account, region }: Scope) {
  return tables<EventTables>(reader)
    .selectFrom('event_connection')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
}

function apiDestinations(reader: Reader, { account, region }: Scope) {
  return tables<EventTables>(reader)
    .selectFrom('event_api_destination')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
}
