/** What keeps a document from being deleted: associations that apply it (DOC-17). Only a document of the same account is held back. */
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { documentReference } from './document.ts'
import type { DocumentTables } from './tables.ts'

/** From now on `usedBy` uses this document and no other; none if it is undefined. */
export async function useDocument(
  tx: Tx,
  { account, region }: Scope,
  usedBy: string,
  nameOrArn: string | undefined,
): Promise<void> {
  const db = tables<DocumentTables>(tx)
  await db.deleteFrom('document_use').where('used_by', '=', usedBy).execute()
  if (nameOrArn === undefined) return
  const { name, account: owner = account } = documentReference(nameOrArn)
  if (owner !== account) return
  await db.insertInto('document_use').values({ account, region, name, used_by: usedBy }).execute()
}

export async function isUsed(reader: Reader, { account, region }: Scope, name: string): Promise<boolean> {
  const row = await tables<DocumentTables>(reader)
    .selectFrom('document_use')
    .select('used_by')
    .where((eb) => eb.and({ account, region, name }))
    .executeTakeFirst()
  return row !== undefined
}
