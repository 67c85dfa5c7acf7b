import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Activation } from './activation.ts'
import { type ActivationCursor, toActivation } from './activation-store.ts'
import type { EnrolmentTerms } from './enrolment-key.ts'
import type { EnrolmentKeyTable, NodeTables } from './tables.ts'

/** Makes an enrolment key of an activation. */
export async function addTerms(tx: Tx, activationId: string, terms: EnrolmentTerms): Promise<void> {
  await tables<NodeTables>(tx)
    .insertInto('enrolment_key')
    .values({
      activation_id: activationId,
      source_ranges: JSON.stringify(terms.sourceRanges),
      host_name_pattern: terms.hostNamePattern ?? null,
      needs_approval: terms.needsApproval ? 1 : 0,
    })
    .execute()
}

/** Undefined for an activation that is no enrolment key. */
export async function findTerms(reader: Reader, activationId: string): Promise<EnrolmentTerms | undefined> {
  const row = await tables<NodeTables>(reader)
    .selectFrom('enrolment_key')
    .selectAll()
    .where('activation_id', '=', activationId)
    .executeTakeFirst()
  return row && toTerms(row)
}

/** Up to `limit` keys, the newest first. */
export async function listKeys(
  reader: Reader,
  { account, region }: Scope,
  after: ActivationCursor | undefined,
  limit: number,
): Promise<{ activation: Activation; terms: EnrolmentTerms }[]> {
  let query = tables<NodeTables>(reader)
    .selectFrom('activation')
    .innerJoin('enrolment_key', 'enrolment_key.activation_id', 'activation.activation_id')
    .selectAll('activation')
    .select(['source_ranges', 'host_name_pattern', 'needs_approval'])
    .where('account', '=', account)
    .where('region', '=', region)
    .orderBy('created_at', 'desc')
    .orderBy('activation.activation_id', 'desc')
    .limit(limit)
  if (after) {
    query = query.where((eb) =>
      eb(eb.refTuple('created_at', 'activation.activation_id'), '<', eb.tuple(after.createdAt, after.id)),
    )
  }
  return (await query.execute()).map((row) => ({ activation: toActivation(row), terms: toTerms(row) }))
}

export async function removeKey(tx: Tx, activationId: string): Promise<void> {
  for (const table of ['enrolment_key', 'enrolment_request'] as const)
    await tables<NodeTables>(tx).deleteFrom(table).where('activation_id', '=', activationId).execute()
}

function toTerms(row: Omit<EnrolmentKeyTable, 'activation_id'>): EnrolmentTerms {
  return {
    sourceRanges: JSON.parse(row.source_ranges) as string[],
    hostNamePattern: row.host_name_pattern ?? undefined,
    needsApproval: row.needs_approval === 1,
  }
}
