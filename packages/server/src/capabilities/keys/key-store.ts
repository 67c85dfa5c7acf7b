import { type Kysely, sql } from 'kysely'
import { type Reader, select, type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import { aliasNotFound, keyNotFound } from './errors.ts'
import { aliasArn, type Key, keyArn, toKey } from './key.ts'
import { type KeyReference, parseKeyReference } from './key-reference.ts'
import type { KeyTable, KeyTables, MaterialTable } from './tables.ts'

/** The key that `reference` names: an id, an ARN, `alias/…` or an alias' ARN. Throws `NotFoundException` for what names no key at all. */
export async function findKey(reader: Reader, scope: Scope, reference: string): Promise<Key | undefined> {
  return findReferenced(reader, parseKeyReference(scope, reference))
}

export async function findReferenced(reader: Reader, reference: KeyReference): Promise<Key | undefined> {
  const { account, region } = reference.scope
  const keyId =
    reference.kind === 'key'
      ? sql`${reference.keyId}`
      : sql`(select key_id from kms_alias where account = ${account} and region = ${region} and name = ${reference.name})`
  const [row] = await select(
    reader,
    sql<KeyTable>`select * from kms_key where key_id = ${keyId} and account = ${account} and region = ${region}`,
  )
  return row && toKey(row)
}

/** As {@link findKey}, but throws `NotFoundException` if there is no such key. */
export async function mustFindKey(reader: Reader, scope: Scope, text: string): Promise<Key> {
  const reference = parseKeyReference(scope, text)
  const key = await findReferenced(reader, reference)
  if (key) return key
  throw reference.kind === 'alias'
    ? aliasNotFound(aliasArn(reference.scope, reference.name))
    : keyNotFound(keyArn(reference.scope, reference.keyId))
}

const keyById = statement((db: Kysely<KeyTables>, keyId: string) =>
  db.selectFrom('kms_key').selectAll().where('key_id', '=', keyId),
)

const materialOf = statement((db: Kysely<KeyTables>, keyId: string, version: number) =>
  db
    .selectFrom('kms_material')
    .select(['sealed', 'material_id'])
    .where('key_id', '=', keyId)
    .where('version', '=', version),
)

interface KeyWithSecret {
  readonly key: Key
  readonly sealed: Uint8Array
  readonly materialId: string
}

/**
 * What was found with a key's row. The database gives the same row as long as nothing was written since, and then the rest is the
 * same too.
 */
const foundWith = new WeakMap<KeyTable, Map<number, KeyWithSecret>>()

/** A key together with the sealed secret of one of its versions, wherever in the installation it is. */
export async function keyWithSecret(
  reader: Reader,
  keyId: string,
  version: number,
): Promise<KeyWithSecret | undefined> {
  const [row] = await keyById(reader, keyId)
  if (!row) return undefined
  const known = foundWith.get(row)
  const found = known?.get(version)
  if (found) return found
  const [material] = await materialOf(reader, keyId, version)
  if (!material) return undefined
  const made = { key: toKey(row), sealed: material.sealed, materialId: material.material_id }
  if (known) known.set(version, made)
  else foundWith.set(row, new Map([[version, made]]))
  return made
}

/** A version of a key that is known to exist. */
export async function findMaterial(reader: Reader, keyId: string, version: number): Promise<MaterialTable> {
  const [row] = await select(
    reader,
    sql<MaterialTable>`select * from kms_material where key_id = ${keyId} and version = ${version}`,
  )
  if (!row) throw new Error(`Version ${version} of the key ${keyId} has no secret.`)
  return row
}

export async function insertKey(tx: Tx, key: KeyTable, material: MaterialTable): Promise<Key> {
  await tables<KeyTables>(tx).insertInto('kms_key').values(key).execute()
  await tables<KeyTables>(tx).insertInto('kms_material').values(material).execute()
  return toKey(key)
}

export async function changeKey(tx: Tx, keyId: string, change: Partial<KeyTable>): Promise<void> {
  await tables<KeyTables>(tx).updateTable('kms_key').set(change).where('key_id', '=', keyId).execute()
}

const aliasesOf = statement((db: Kysely<KeyTables>, keyId: string) =>
  db.selectFrom('kms_alias').select('name').where('key_id', '=', keyId).orderBy('name'),
)

/** The names of the aliases that point at a key. */
export async function aliasNamesOf(reader: Reader, keyId: string): Promise<string[]> {
  return (await aliasesOf(reader, keyId)).map(({ name }) => name)
}

/** The ids of the keys of a Region, in their order, after `after`. */
export async function listKeyIds(
  reader: Reader,
  { account, region }: Scope,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const rows = await tables<KeyTables>(reader)
    .selectFrom('kms_key')
    .select('key_id')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('key_id', '>', after ?? '')
    .orderBy('key_id')
    .limit(limit)
    .execute()
  return rows.map(({ key_id }) => key_id)
}

/** The versions of a key's secret from `first` on, oldest first. */
export async function listMaterials(
  reader: Reader,
  keyId: string,
  first: number,
  limit: number,
): Promise<MaterialTable[]> {
  return tables<KeyTables>(reader)
    .selectFrom('kms_material')
    .selectAll()
    .where('key_id', '=', keyId)
    .where('version', '>=', first)
    .orderBy('version')
    .limit(limit)
    .execute()
}
