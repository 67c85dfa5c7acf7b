import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Document } from './document-version.ts'
import { EVERYONE, type Share } from './sharing.ts'
import { keyOf, named } from './store.ts'
import type { DocumentShareTable, DocumentTables } from './tables.ts'

/** All shares of a document, in order of their receivers. */
export async function sharesOf(reader: Reader, document: Document): Promise<Share[]> {
  const rows = await selectShares(reader, document).execute()
  return rows.map(toShare).sort((one, other) => (one.sharedWith < other.sharedWith ? -1 : 1))
}

/** The shares that open a document to an account: its own and those for everyone. */
export async function sharesWith(reader: Reader, document: Document, account: string): Promise<Share[]> {
  const rows = await selectShares(reader, document)
    .where('shared_with', 'in', [account, ...EVERYONE])
    .execute()
  return rows.map(toShare)
}

/** Makes these the shares of a document. */
export async function setShares(tx: Tx, document: Document, shares: readonly Share[]): Promise<void> {
  const db = tables<DocumentTables>(tx)
  await db.deleteFrom('document_share').where(named(document)).execute()
  if (shares.length === 0) return
  const rows = shares.map(({ sharedWith, sharedVersion }) => ({
    ...keyOf(document),
    shared_with: sharedWith,
    shared_version: sharedVersion,
  }))
  await db.insertInto('document_share').values(rows).execute()
}

/** How many other documents of the same account and Region are public. */
export async function countOtherPublic(reader: Reader, { scope, name }: Document): Promise<number> {
  const { count } = await tables<DocumentTables>(reader)
    .selectFrom('document_share')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('name', '<>', name)
    .where('shared_with', 'in', EVERYONE)
    .executeTakeFirstOrThrow()
  return Number(count)
}

function selectShares(reader: Reader, document: Document) {
  return tables<DocumentTables>(reader)
    .selectFrom('document_share')
    .select(['shared_with', 'shared_version'])
    .where(named(document))
}

function toShare(row: Pick<DocumentShareTable, 'shared_with' | 'shared_version'>): Share {
  return { sharedWith: row.shared_with, sharedVersion: row.shared_version }
}
