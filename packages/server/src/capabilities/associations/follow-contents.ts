/** Applies associations again when their document, or a parameter that they refer to, has another content, and says so when there is none any more (STM-06). */
import { type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { inTask } from './acting.ts'
import { definitionOf } from './association.ts'
import { type Content, contentOf } from './content.ts'
import { startExecution } from './start-execution.ts'
import type { AssociationTable, AssociationTables } from './tables.ts'

export const followContents = task({
  name: 'associations.follow-contents',
  everyMs: 10_000,
  async run(context) {
    const associations = await context.read((reader) =>
      tables<AssociationTables>(reader).selectFrom('association').selectAll().execute(),
    )
    const contents = new Map<string, Pick<Content, 'hash'>>()
    let changed = 0
    for (const association of associations) {
      const { Name, DocumentVersion, Parameters } = definitionOf(association)
      const key = JSON.stringify([association.account, association.region, Name, DocumentVersion, Parameters])
      const { hash } =
        contents.get(key) ??
        (await context.read((reader) => contentOf(reader, association, { Name, DocumentVersion, Parameters })))
      contents.set(key, { hash })
      if (hash !== association.content_hash)
        changed += await context.write((tx) => apply(association, hash, context, tx))
    }
    return { changed }
  },
})

async function apply(association: AssociationTable, hash: string, context: TaskContext, tx: Tx): Promise<number> {
  const { numUpdatedRows } = await tables<AssociationTables>(tx)
    .updateTable('association')
    .set({ content_hash: hash })
    .where('id', '=', association.id)
    .where('version', '=', association.version)
    .where('content_hash', '=', association.content_hash)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return 0
  const waits = definitionOf(association).ApplyOnlyAtCronInterval && hash !== ''
  if (!waits)
    await startExecution(inTask(context, tx), { ...association, content_hash: hash }, { cause: 'ContentChanged' })
  return 1
}
