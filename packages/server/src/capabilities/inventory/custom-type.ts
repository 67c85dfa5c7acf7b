import type { ExpressionBuilder, Kysely } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Entry } from './entry-codec.ts'
import { invalidItemContent, tooManyCustomTypes } from './errors.ts'
import type { InventoryCustomTypeTable, InventoryTables } from './tables.ts'
import { compareVersions } from './value-order.ts'

/** Of one account and Region (INV-07). */
const TYPES_AT_MOST = 20
const ATTRIBUTES_AT_MOST = 50

/** A type that nodes or people brought. */
export interface CustomType {
  readonly name: string
  /** The highest that was reported. */
  readonly version: string
  /** Those of that version. */
  readonly attributes: readonly string[]
  /** Data of this version and lower ones is ignored; undefined: none is. */
  readonly disabledUpTo: string | undefined
  readonly versions: ReadonlyMap<string, readonly string[]>
}

const rowsOf = statement((db: Kysely<InventoryTables>, account: string, region: string) =>
  db
    .selectFrom('inventory_custom_type')
    .select(['type_name', 'version', 'attributes', 'disabled'])
    .where('account', '=', account)
    .where('region', '=', region)
    .orderBy('type_name'),
)

/** The custom types by their names, in order of those. */
export async function customTypes(reader: Reader, scope: Scope): Promise<Map<string, CustomType>> {
  const rows = await rowsOf(reader, scope.account, scope.region)
  const byName = Map.groupBy(rows, ({ type_name }) => type_name)
  return new Map([...byName].map(([name, versions]) => [name, toCustomType(name, versions)]))
}

type Row = Pick<InventoryCustomTypeTable, 'version' | 'attributes' | 'disabled'>

function toCustomType(name: string, rows: readonly Row[]): CustomType {
  const sorted = rows.toSorted((a, b) => compareVersions(a.version, b.version))
  const versions = new Map(sorted.map(({ version, attributes }) => [version, JSON.parse(attributes) as string[]]))
  const { version } = sorted.at(-1)!
  const disabledUpTo = sorted.findLast(({ disabled }) => disabled === 1)?.version
  return { name, version, attributes: versions.get(version)!, disabledUpTo, versions }
}

export function isDisabled(type: CustomType | undefined, version: string): boolean {
  return type?.disabledUpTo !== undefined && compareVersions(version, type.disabledUpTo) <= 0
}

/**
 * Makes a version of a type known with the attributes of these entries besides those that it has. Throws
 * `CustomSchemaCountLimitExceededException`, and `InvalidItemContentException` for a name that is known in other letters.
 */
export async function learnType(
  tx: Tx,
  scope: Scope,
  known: ReadonlyMap<string, CustomType>,
  { typeName, version, entries }: { typeName: string; version: string; entries: readonly Entry[] },
): Promise<void> {
  const type = known.get(typeName)
  if (!type && known.size >= TYPES_AT_MOST) throw tooManyCustomTypes()
  const before = type?.versions.get(version)
  const attributes = withAttributes(typeName, before ?? [], entries)
  if (before && attributes.length === before.length) return
  const key = { account: scope.account, region: scope.region, type_name: typeName, version }
  const row = { ...key, attributes: JSON.stringify(attributes), disabled: 0 }
  const db = tables<InventoryTables>(tx)
  if (!before) await db.insertInto('inventory_custom_type').values(row).execute()
  else await db.updateTable('inventory_custom_type').set({ attributes: row.attributes }).where(isVersion(key)).execute()
}

function withAttributes(typeName: string, known: readonly string[], entries: readonly Entry[]): readonly string[] {
  const names = new Map(known.map((name) => [name.toLowerCase(), name]))
  for (const name of entries.flatMap(Object.keys)) {
    const before = names.get(name.toLowerCase())
    if (before === undefined) names.set(name.toLowerCase(), name)
    else if (before !== name) throw invalidItemContent(typeName, `The attribute ${name} is known as ${before}.`)
  }
  if (names.size > ATTRIBUTES_AT_MOST)
    throw invalidItemContent(typeName, `It has more than ${ATTRIBUTES_AT_MOST} attributes.`)
  return [...names.values()]
}

/** From now on data of the current version and lower ones is ignored. */
export async function disableType(tx: Tx, scope: Scope, type: CustomType): Promise<void> {
  const { account, region } = scope
  await tables<InventoryTables>(tx)
    .updateTable('inventory_custom_type')
    .set({ disabled: 1 })
    .where(isVersion({ account, region, type_name: type.name, version: type.version }))
    .execute()
}

export async function forgetType(tx: Tx, scope: Scope, typeName: string): Promise<void> {
  await tables<InventoryTables>(tx)
    .deleteFrom('inventory_custom_type')
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('type_name', '=', typeName)
    .execute()
}

function isVersion(key: Pick<InventoryCustomTypeTable, 'account' | 'region' | 'type_name' | 'version'>) {
  return (eb: ExpressionBuilder<InventoryTables, 'inventory_custom_type'>) => eb.and(key)
}
