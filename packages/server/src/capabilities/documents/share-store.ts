import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Document } from './document-version.ts'
import { EVERYONE, type Share } from './sharing.ts'
import { keyOf, named } from './store.ts'
import type { DocumentTables } from './tables.ts'

/** All shares of a document, in order of their receivers. */
export async function sharesOf(reader: Reader, document: Document): Promise<Share[]> {
  const shares = await selectShares(reader, document).execute()
  return shares.sort((one, other) => (one.sharedWith < other.sharedWith ? -1 : 1))
}

/** The shares that open a document to an account: its own and those for everyone. */
export function sharesWith(reader: Reader, document: Document, account: string): Promise<Share[]> {
  return selectShares(reader, document).where('shared_with', 'in', [account, EVERYONE]).execute()
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
    .where('shared_with', '=', EVERYONE)
    .executeTakeFirstOrThrow()
  return Number(count)
}

function selectShares(reader: Reader, document: Document) {
  return tables<DocumentTables>(reader)
    .selectFrom('document_share')
    .select(['shared_with as sharedWith', 'shared_version as sharedVersion'])
    .where(named(document))
}
