import { type ExpressionBuilder, type Selectable, sql } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { DocumentName, WantedVersion } from './document.ts'
import type { Document, DocumentVersion, Found, VersionSummary } from './document-version.ts'
import { EVERYONE } from './sharing.ts'
import type { DocumentTable, DocumentTables, DocumentVersionTable } from './tables.ts'

const SUMMARY = [
  'version',
  'version_name',
  'display_name',
  'created_at',
  'format',
  'schema_version',
  'platform_types',
  'requires',
  'target_type',
  'author',
  'review_status',
] as const satisfies readonly (keyof DocumentVersionTable)[]

type SummaryRow = Pick<Selectable<DocumentVersionTable>, (typeof SUMMARY)[number]>

// ---------------------------------------------------------------------------------------------------------------------
// Reading

/** The stored document of that name. */
export async function storedDocument(reader: Reader, scope: Scope, name: string): Promise<Document | undefined> {
  const row = await tables<DocumentTables>(reader)
    .selectFrom('document')
    .selectAll()
    .where(named({ scope, name }))
    .executeTakeFirst()
  return row && toDocument(row)
}

/** A stored document with one of its versions, in one query. */
export async function storedVersion(
  reader: Reader,
  scope: Scope,
  name: string,
  { selector, versionName }: WantedVersion,
): Promise<Found | undefined> {
  let query = tables<DocumentTables>(reader)
    .selectFrom('document')
    .innerJoin('document_version', (join) =>
      join
        .onRef('document_version.account', '=', 'document.account')
        .onRef('document_version.region', '=', 'document.region')
        .onRef('document_version.name', '=', 'document.name'),
    )
    .selectAll()
    .where('document.account', '=', scope.account)
    .where('document.region', '=', scope.region)
    .where('document.name', '=', name)
  if (selector === '$LATEST') query = query.whereRef('version', '=', 'latest_version')
  else if (selector === '$DEFAULT') query = query.whereRef('version', '=', 'default_version')
  else if (selector !== undefined) query = query.where('version', '=', selector)
  if (versionName !== undefined) query = query.where('version_name', '=', versionName)
  const row = await query.executeTakeFirst()
  return row && { document: toDocument(row), version: toVersion(row) }
}

/** Up to `limit` versions of a document, the newest first, that are older than `before`. */
export async function listVersions(
  reader: Reader,
  document: Document,
  before: number | undefined,
  limit: number,
): Promise<VersionSummary[]> {
  let query = tables<DocumentTables>(reader)
    .selectFrom('document_version')
    .select(SUMMARY)
    .where(named(document))
    .orderBy('version', 'desc')
    .limit(limit)
  if (before !== undefined) query = query.where('version', '<', before)
  return (await query.execute()).map(toSummary)
}

export async function countVersions(reader: Reader, document: Document): Promise<number> {
  const { count } = await tables<DocumentTables>(reader)
    .selectFrom('document_version')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(named(document))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function countDocuments(reader: Reader, { account, region }: Scope): Promise<number> {
  const { count } = await tables<DocumentTables>(reader)
    .selectFrom('document')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account', '=', account)
    .where('region', '=', region)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export interface Visible {
  readonly document: Document
  readonly version: VersionSummary
  /** The account or one of {@link EVERYONE} with whom it is shared so that this account sees it. */
  readonly sharedWith: string | undefined
}

/** All stored documents that an account may read: its own, those shared with it and those shared with everyone. */
export async function visibleDocuments(reader: Reader, { account, region }: Scope): Promise<Visible[]> {
  const rows = await tables<DocumentTables>(reader)
    .selectFrom('document')
    .leftJoin('document_share', (join) =>
      join
        .onRef('document_share.account', '=', 'document.account')
        .onRef('document_share.region', '=', 'document.region')
        .onRef('document_share.name', '=', 'document.name')
        .on('shared_with', 'in', [account, ...EVERYONE]),
    )
    .innerJoin('document_version', (join) =>
      join
        .onRef('document_version.account', '=', 'document.account')
        .onRef('document_version.region', '=', 'document.region')
        .onRef('document_version.name', '=', 'document.name')
        .on((eb) => eb('version', '=', shownVersion(account))),
    )
    .selectAll('document')
    .select(SUMMARY)
    .select('shared_with')
    .where('document.region', '=', region)
    .where((eb) => eb.or([eb('document.account', '=', account), eb('shared_with', 'is not', null)]))
    .execute()
  return rows.map((row) => ({
    document: toDocument(row),
    version: toSummary(row),
    sharedWith: row.shared_with ?? undefined,
  }))
}

/** A list shows the default version, or the one version that another account shares. */
function shownVersion(account: string) {
  return sql<number>`case when document.account <> ${account} and shared_version = '$LATEST'
    then latest_version else default_version end`
}

// ---------------------------------------------------------------------------------------------------------------------
// Writing

/** Stores a new document of one version. */
export async function addDocument(tx: Tx, { document, version }: Found): Promise<void> {
  await tables<DocumentTables>(tx)
    .insertInto('document')
    .values({
      ...keyOf(document),
      type: document.type,
      default_version: document.defaultVersion,
      latest_version: document.latestVersion,
      last_version: document.lastVersion,
    })
    .execute()
  await insertVersion(tx, document, version)
}

/** Stores a further version, which is the latest from now on. The default stays. */
export async function addVersion(tx: Tx, document: Document, version: DocumentVersion): Promise<void> {
  await insertVersion(tx, document, version)
  await tables<DocumentTables>(tx)
    .updateTable('document')
    .set({ latest_version: version.number, last_version: version.number })
    .where(named(document))
    .execute()
}

export async function setDefaultVersion(tx: Tx, document: Document, number: number): Promise<void> {
  await tables<DocumentTables>(tx)
    .updateTable('document')
    .set({ default_version: number })
    .where(named(document))
    .execute()
}

/** Deletes one version that is not the only one. Its number is not used again. */
export async function deleteVersion(tx: Tx, document: Document, number: number): Promise<void> {
  const db = tables<DocumentTables>(tx)
  await db.deleteFrom('document_review').where(named(document)).where('version', '=', number).execute()
  await db.deleteFrom('document_attachment').where(named(document)).where('version', '=', number).execute()
  await db.deleteFrom('document_version').where(named(document)).where('version', '=', number).execute()
  await db
    .updateTable('document')
    .set((eb) => ({
      latest_version: eb
        .selectFrom('document_version')
        .select((max) => max.fn.max('version').as('latest'))
        .where(named(document)),
    }))
    .where(named(document))
    .execute()
}

/** Deletes a document with everything that belongs to it. */
export async function deleteDocument(tx: Tx, document: Document): Promise<void> {
  const db = tables<DocumentTables>(tx)
  await db.deleteFrom('document_review').where(named(document)).execute()
  await db.deleteFrom('document_share').where(named(document)).execute()
  await db.deleteFrom('document_attachment').where(named(document)).execute()
  await db.deleteFrom('document_version').where(named(document)).execute()
  await db.deleteFrom('document').where(named(document)).execute()
}

async function insertVersion(tx: Tx, document: Document, version: DocumentVersion): Promise<void> {
  await tables<DocumentTables>(tx)
    .insertInto('document_version')
    .values({
      ...keyOf(document),
      version: version.number,
      version_name: version.versionName ?? null,
      display_name: version.displayName ?? null,
      created_at: version.createdAt.toISOString(),
      format: version.format,
      content: version.text,
      hash: version.hash,
      schema_version: version.schemaVersion,
      platform_types: JSON.stringify(version.platformTypes),
      requires: version.requires ? JSON.stringify(version.requires) : null,
      target_type: version.targetType ?? null,
      author: version.author,
      review_status: version.reviewStatus ?? null,
    })
    .execute()
}

// ---------------------------------------------------------------------------------------------------------------------
// Rows

type Key = Pick<DocumentTable, 'account' | 'region' | 'name'>

export function keyOf({ scope: { account, region }, name }: { scope: Scope; name: string }): Key {
  return { account, region, name }
}

/** The condition that a row belongs to a document. */
export function named(document: { scope: Scope; name: string }) {
  const { account, region, name } = keyOf(document)
  return (eb: ExpressionBuilder<DocumentTables, keyof DocumentTables>) =>
    eb.and([eb('account', '=', account), eb('region', '=', region), eb('name', '=', name)])
}

function toDocument(row: Selectable<DocumentTable>): Document {
  return {
    scope: { account: row.account, region: row.region },
    name: row.name as DocumentName,
    type: row.type,
    defaultVersion: row.default_version,
    latestVersion: row.latest_version,
    lastVersion: row.last_version,
    category: [],
    categoryEnum: [],
  }
}

function toVersion(row: Selectable<DocumentVersionTable>): DocumentVersion {
  return { ...toSummary(row), text: row.content, hash: row.hash }
}

function toSummary(row: SummaryRow): VersionSummary {
  return {
    number: row.version,
    versionName: row.version_name ?? undefined,
    displayName: row.display_name ?? undefined,
    createdAt: new Date(row.created_at),
    format: row.format,
    schemaVersion: row.schema_version,
    platformTypes: JSON.parse(row.platform_types) as VersionSummary['platformTypes'],
    requires: row.requires === null ? undefined : (JSON.parse(row.requires) as VersionSummary['requires']),
    targetType: row.target_type ?? undefined,
    author: row.author,
    reviewStatus: row.review_status ?? undefined,
  }
}
