import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const iamUsers0004: Migration = {
  async up({ schema }: Kysely<unknown>) {
    for (const column of ['root_key_used_at', 'root_key_used_service', 'root_key_used_region'])
      await schema.alterTable('iam_account').addColumn(column, 'text').execute()
  },
}
