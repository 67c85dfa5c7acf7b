import type { Kysely } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { Ids } from '#kernel/ids.ts'
import type { PolicyTables } from './tables.ts'

/**
 * Says that something of the account's principals or policies is not as it was. Revisions are random, so one that was rolled back
 * never comes again for another state.
 */
export async function changeRevision(tx: Tx, account: string, ids: Ids): Promise<void> {
  const revision = ids.uuid()
  await tables<PolicyTables>(tx)
    .insertInto('iam_revision')
    .values({ account, revision })
    .onConflict((conflict) => conflict.column('account').doUpdateSet({ revision }))
    .execute()
}

const selectRevision = statement((db: Kysely<PolicyTables>, account: string) =>
  db.selectFrom('iam_revision').select('revision').where('account', '=', account),
)

/** What was read under a revision holds for as long as the account has it. Undefined before the first change. */
export async function revisionOf(reader: Reader, account: string): Promise<string | undefined> {
  return (await selectRevision(reader, account))[0]?.revision
}
