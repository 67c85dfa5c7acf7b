import { sql } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import { hasText } from '#db/has-text.ts'
import type { Scope } from '#kernel/scope.ts'
import type { DocumentTables } from './tables.ts'

/** A version of a document with what it says. */
export interface VersionContent {
  readonly name: string
  readonly type: string
  readonly version: number
  readonly isDefault: boolean
  readonly content: string
}

/** All versions of the account's own documents with this text in them, in order of names and versions. */
export async function documentsHolding(
  reader: Reader,
  { account, region }: Scope,
  text: string,
): Promise<VersionContent[]> {
  const rows = await tables<DocumentTables>(reader)
    .selectFrom('document_version')
    .innerJoin('document', (join) =>
      join
        .onRef('document.account', '=', 'document_version.account')
        .onRef('document.region', '=', 'document_version.region')
        .onRef('document.name', '=', 'document_version.name'),
    )
    .select(['document.name', 'document.type', 'version', 'default_version', 'content'])
    .where('document_version.account', '=', account)
    .where('document_version.region', '=', region)
    .where(hasText(sql.ref('content'), text))
    .orderBy('document.name')
    .orderBy('version')
    .execute()
  return rows.map(({ default_version, ...row }) => ({ ...row, isDefault: row.version === default_version }))
}
