import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'
import { searchText } from '../search-text.ts'
import type { NodeTables } from '../tables.ts'

/** What free text is looked for in. */
export const nodes0002: Migration = {
  async up(kysely: Kysely<unknown>) {
    await kysely.schema
      .alterTable('node')
      .addColumn('search_text', 'text', (c) => c.notNull().defaultTo(''))
      .execute()
    const db = kysely as Kysely<NodeTables>
    for (const node of await db.selectFrom('node').selectAll().execute()) {
      const change = { search_text: searchText(node) }
      await db.updateTable('node').set(change).where('node_id', '=', node.node_id).execute()
    }
  },
}
