/**
 * Applies associations to nodes that appear or begin to match, and leaves out those that match no more (STM-06). Which nodes have changed
 * is found by comparing all with what was seen of them, so no change is missed, whoever made it; only the changed ones are
 * held against the associations.
 */

import { type Kysely, sql } from 'kysely'
import { isGroupKey, type Looking, lookingIn } from '#capabilities/groups/index.ts'
import { nodeIds, type TargetNode } from '#capabilities/nodes/index.ts'
import { tagTexts } from '#capabilities/tags/index.ts'
import { type Reader, select, type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { type Acting, inTask } from './acting.ts'
import { definitionOf, targetsOf } from './association.ts'
import { meantNodes } from './meant-nodes.ts'
import { dropNodes, startExecution } from './start-execution.ts'
import type { AssociationTable, AssociationTables, SeenNodeTable } from './tables.ts'

const AT_ONCE = 400

export const followNodes = task({
  name: 'associations.follow-nodes',
  everyMs: 5_000,
  async run(context) {
    let followed = 0
    for (const scope of await context.read(scopes)) followed += await followIn(scope, context)
    return { followed }
  },
})

/** What is in a group changes without any node changing. */
export const followGroups = task({
  name: 'associations.follow-groups',
  everyMs: 30_000,
  async run(context) {
    let followed = 0
    for (const scope of await context.read(scopes)) {
      for (const association of await context.read((reader) => associationsIn(reader, scope))) {
        if (!targetsOf(definitionOf(association)).some(({ Key = '' }) => isGroupKey(Key))) continue
        // Nearly always nothing has changed, and then nobody who writes has to wait.
        const { added, left } = await context.read((db) =>
          changesOf(lookingIn(context, db, scope), association, undefined),
        )
        if (added.length + left.length > 0)
          followed += await context.write((tx) => follow(inTask(context, tx), association, undefined))
      }
    }
    return { followed }
  },
})

function scopes(reader: Reader): Promise<Scope[]> {
  return tables<AssociationTables>(reader).selectFrom('association').select(['account', 'region']).distinct().execute()
}

function associationsIn(reader: Reader, { account, region }: Scope): Promise<AssociationTable[]> {
  return tables<AssociationTables>(reader)
    .selectFrom('association')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .execute()
}

async function followIn(scope: Scope, context: TaskContext): Promise<number> {
  const { changed, gone } = await context.read((reader) => compare(reader, scope, context.now()))
  if (changed.length + gone.length === 0) return 0
  const associations = await context.read((reader) => associationsIn(reader, scope))
  let followed = 0
  for (let at = 0; at < gone.length; at += AT_ONCE) {
    const some = gone.slice(at, at + AT_ONCE)
    for (const association of associations)
      followed += await context.write((tx) => follow(inTask(context, tx), association, some))
    await context.write((tx) => forget(tx, some))
  }
  for (let at = 0; at < changed.length; at += AT_ONCE) {
    const some = changed.slice(at, at + AT_ONCE)
    const ids = some.map(({ node_id }) => node_id)
    for (const association of associations)
      followed += await context.write((tx) => follow(inTask(context, tx), association, ids))
    await context.write((tx) => remember(tx, some))
  }
  return followed
}

const seenNodes = statement((db: Kysely<AssociationTables>, account: string, region: string) =>
  db
    .selectFrom('association_seen_node')
    .select(['node_id', 'tags'])
    .where('account', '=', account)
    .where('region', '=', region),
)

/** Nodes that were not seen before, or with other tags; and those that were deregistered since. */
async function compare(reader: Reader, scope: Scope, now: Date): Promise<{ changed: SeenNodeTable[]; gone: string[] }> {
  const all = sql<{ node_id: string }>`select n.node_id from ${nodeIds(scope, [], now)} as n`
  const ids = (await select(reader, all)).map(({ node_id }) => node_id)
  const tags = await tagTexts(reader, scope, 'ManagedInstance')
  const seen = await seenNodes(reader, scope.account, scope.region)
  const known = new Map(seen.map(({ node_id, tags }) => [node_id, tags]))
  const changed = ids.flatMap((nodeId) => {
    const text = tags.get(nodeId) ?? ''
    return known.get(nodeId) === text ? [] : [{ node_id: nodeId, ...scopeOf(scope), tags: text }]
  })
  for (const nodeId of ids) known.delete(nodeId)
  return { changed, gone: [...known.keys()] }
}

function scopeOf({ account, region }: Scope): Scope {
  return { account, region }
}

async function remember(tx: Tx, nodes: readonly SeenNodeTable[]): Promise<void> {
  await tables<AssociationTables>(tx)
    .insertInto('association_seen_node')
    .values([...nodes])
    .onConflict((conflict) => conflict.column('node_id').doUpdateSet((eb) => ({ tags: eb.ref('excluded.tags') })))
    .execute()
}

/** A node is deregistered: it counts as seen, so that it is found to be gone and everything of it ends. */
export async function forgetNode(tx: Tx, scope: Scope, nodeId: string): Promise<void> {
  await remember(tx, [{ node_id: nodeId, ...scopeOf(scope), tags: '' }])
}

async function forget(tx: Tx, nodeIds: readonly string[]): Promise<void> {
  await tables<AssociationTables>(tx).deleteFrom('association_seen_node').where('node_id', 'in', nodeIds).execute()
}

/** Brings the nodes of one association up to date, among these or all; answers how many changed. */
async function follow(acting: Acting, { id }: AssociationTable, among: readonly string[] | undefined): Promise<number> {
  const association = await tables<AssociationTables>(acting.db)
    .selectFrom('association')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!association) return 0
  const { added, left } = await changesOf(acting, association, among)
  if (left.length > 0) await dropNodes(acting, association, left)
  if (added.length > 0) await begin(acting, association, added)
  return added.length + left.length
}

/** The nodes that an association is for and does not know, and those that it knows and is not for, among these or all. */
async function changesOf(
  looking: Omit<Looking, 'scope'>,
  association: AssociationTable,
  among: readonly string[] | undefined,
): Promise<{ added: TargetNode[]; left: string[] }> {
  const meant = await meantNodes(looking, association, among)
  const known = await knownNodes(looking.db, association.id, among)
  const stay = new Set(meant.map(({ nodeId }) => nodeId))
  return {
    added: meant.filter(({ nodeId }) => !known.has(nodeId)),
    left: [...known].filter((nodeId) => !stay.has(nodeId)),
  }
}

async function knownNodes(reader: Reader, id: string, among: readonly string[] | undefined): Promise<Set<string>> {
  const rows = await tables<AssociationTables>(reader)
    .selectFrom('association_node')
    .select('node_id')
    .where('association_id', '=', id)
    .$if(among !== undefined, (query) => query.where('node_id', 'in', among!))
    .execute()
  return new Set(rows.map(({ node_id }) => node_id))
}

/** At once, unless the association is for the times of its schedule only (STM-06). */
async function begin(acting: Acting, association: AssociationTable, nodes: readonly TargetNode[]): Promise<void> {
  if (definitionOf(association).ApplyOnlyAtCronInterval) await associate(acting, association, nodes)
  else await startExecution(acting, association, { cause: 'TargetsChanged', nodes })
}

/** Notes that the association is for these nodes, which wait for the next time of its schedule. */
export async function associate(
  { db }: Acting,
  { id, account, region, version }: AssociationTable,
  nodes: readonly TargetNode[],
): Promise<void> {
  for (let at = 0; at < nodes.length; at += AT_ONCE) {
    const rows = nodes.slice(at, at + AT_ONCE).map(({ nodeId }) => ({
      association_id: id,
      node_id: nodeId,
      account,
      region,
      status: 'Associated',
      detailed_status: 'Associated',
      error_code: '',
      summary: '',
      version,
      document_version: '',
      execution_id: null,
      executed_at: null,
      succeeded_at: null,
      output_url: null,
    }))
    await tables<AssociationTables>(db)
      .insertInto('association_node')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}
