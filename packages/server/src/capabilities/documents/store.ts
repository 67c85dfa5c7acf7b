import type { ExpressionBuilder, Selectable } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { DocumentName, WantedVersion } from './document.ts'
import type { Document, DocumentVersion, Found } from './document-version.ts'
import { EVERYONE, type Share } from './sharing.ts'
import type { DocumentTable, DocumentTables, DocumentVersionTable } from './tables.ts'

/** The stored document of that name. */
export async function storedDocument(reader: Reader, scope: Scope, name: string): Promise<Document | undefined> {
  const row = await tables<DocumentTables>(reader)
    .selectFrom('document')
    .selectAll()
    .where(named(scope, name))
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

/** The shares that open the document to an account: its own and those for everyone. */
export function sharesWith(reader: Reader, scope: Scope, name: string, account: string): Promise<Share[]> {
  return tables<DocumentTables>(reader)
    .selectFrom('document_share')
    .select(['shared_with as sharedWith', 'shared_version as sharedVersion'])
    .where(named(scope, name))
    .where('shared_with', 'in', [account, EVERYONE])
    .execute()
}

function named(scope: Scope, name: string) {
  return (eb: ExpressionBuilder<DocumentTables, keyof DocumentTables>) =>
    eb.and([eb('account', '=', scope.account), eb('region', '=', scope.region), eb('name', '=', name)])
}

export function toDocument(row: Selectable<DocumentTable>): Document {
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

export function toVersion(row: Selectable<DocumentVersionTable>): DocumentVersion {
  return {
    number: row.version,
    versionName: row.version_name ?? undefined,
    displayName: row.display_name ?? undefined,
    createdAt: new Date(row.created_at),
    format: row.format,
    text: row.content,
    hash: row.hash,
    schemaVersion: row.schema_version,
    platformTypes: JSON.parse(row.platform_types) as DocumentVersion['platformTypes'],
    requires: JSON.parse(row.requires) as DocumentVersion['requires'],
    targetType: row.target_type ?? undefined,
    author: row.author,
    reviewStatus: row.review_status ?? undefined,
  }
}
