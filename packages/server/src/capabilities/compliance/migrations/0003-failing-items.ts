import { type Kysely, sql } from 'kysely'
import type { Migration } from '#db/database.ts'

/** What is not compliant, found without a look at all that is. */
export const compliance0003: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createIndex('compliance_item_failing')
      .on('compliance_item')
      .columns(['account', 'region', 'type', 'item_id'])
      .where(sql<boolean>`status = 'NON_COMPLIANT'`)
      .execute()
  },
}
