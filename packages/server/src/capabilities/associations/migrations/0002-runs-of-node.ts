import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

/** What is open on a node is found by the node, also when a stage is asked for: there may be tens of thousands of runs in that stage. */
export const associations0002: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema.dropIndex('association_run_of_node').execute()
    await schema
      .createIndex('association_run_of_node')
      .on('association_run')
      .columns(['node_id', 'open', 'stage'])
      .execute()
  },
}
