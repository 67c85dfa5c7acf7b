/** Which managed policies a holder has, as grants and as its boundary, and what policies are written into it. */
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Holder, HolderKind } from './holder.ts'
import type { PolicyTables } from './tables.ts'

/** `grant`: the policy adds to what the holder may do. `boundary`: nothing beyond it may be done. */
export type Usage = 'grant' | 'boundary'

export interface Attachment {
  readonly holderKind: HolderKind
  readonly holderId: string
  readonly usage: Usage
  readonly policyArn: string
}

export interface InlinePolicy {
  readonly name: string
  readonly document: string
}

/** Does nothing if it is attached already. */
export async function attach(
  tx: Tx,
  account: string,
  kind: HolderKind,
  holder: Holder,
  policyArn: string,
): Promise<void> {
  await insertAttachment(tx, account, kind, holder, 'grant', policyArn)
}

/** False if it was not attached. */
export async function detach(tx: Tx, holder: Holder, policyArn: string): Promise<boolean> {
  const { numDeletedRows } = await tables<PolicyTables>(tx)
    .deleteFrom('iam_attachment')
    .where('holder_id', '=', holder.id)
    .where('usage', '=', 'grant')
    .where('policy_arn', '=', policyArn)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** ARNs of the managed policies that the holder has as grants, in order. */
export async function attachedPolicies(reader: Reader, holder: Pick<Holder, 'id'>): Promise<string[]> {
  const rows = await tables<PolicyTables>(reader)
    .selectFrom('iam_attachment')
    .select('policy_arn')
    .where('holder_id', '=', holder.id)
    .where('usage', '=', 'grant')
    .orderBy('policy_arn')
    .execute()
  return rows.map(({ policy_arn }) => policy_arn)
}

/** The ARN of the holder's boundary. */
export async function boundaryOf(reader: Reader, holder: Pick<Holder, 'id'>): Promise<string | undefined> {
  return (await boundariesOf(reader, [holder.id])).get(holder.id)
}

/** The ARNs of the boundaries of those holders that have one, by id. */
export async function boundariesOf(reader: Reader, holderIds: readonly string[]): Promise<Map<string, string>> {
  if (holderIds.length === 0) return new Map()
  const rows = await tables<PolicyTables>(reader)
    .selectFrom('iam_attachment')
    .select(['holder_id', 'policy_arn'])
    .where('holder_id', 'in', holderIds)
    .where('usage', '=', 'boundary')
    .execute()
  return new Map(rows.map(({ holder_id, policy_arn }) => [holder_id, policy_arn]))
}

/** Replaces the boundary that there may be. */
export async function setBoundary(
  tx: Tx,
  account: string,
  kind: HolderKind,
  holder: Holder,
  policyArn: string,
): Promise<void> {
  await removeBoundary(tx, holder)
  await insertAttachment(tx, account, kind, holder, 'boundary', policyArn)
}

/** False if there was none. */
export async function removeBoundary(tx: Tx, holder: Holder): Promise<boolean> {
  const { numDeletedRows } = await tables<PolicyTables>(tx)
    .deleteFrom('iam_attachment')
    .where('holder_id', '=', holder.id)
    .where('usage', '=', 'boundary')
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Every attachment in the account, or those of one policy. */
export async function attachmentsIn(reader: Reader, account: string, policyArn?: string): Promise<Attachment[]> {
  let query = tables<PolicyTables>(reader).selectFrom('iam_attachment').selectAll().where('account', '=', account)
  if (policyArn !== undefined) query = query.where('policy_arn', '=', policyArn)
  const rows = await query.execute()
  return rows.map((row) => ({
    holderKind: row.holder_kind as HolderKind,
    holderId: row.holder_id,
    usage: row.usage as Usage,
    policyArn: row.policy_arn,
  }))
}

/** In order of their names. */
export async function inlinePolicies(reader: Reader, holder: Pick<Holder, 'id'>): Promise<InlinePolicy[]> {
  return tables<PolicyTables>(reader)
    .selectFrom('iam_inline_policy')
    .select(['name', 'document'])
    .where('holder_id', '=', holder.id)
    .orderBy('name')
    .execute()
}

/** Replaces the one of this name. */
export async function putInlinePolicy(
  tx: Tx,
  account: string,
  kind: HolderKind,
  holder: Holder,
  { name, document }: InlinePolicy,
): Promise<void> {
  await tables<PolicyTables>(tx)
    .insertInto('iam_inline_policy')
    .values({ account, holder_kind: kind, holder_id: holder.id, name, document })
    .onConflict((conflict) => conflict.columns(['holder_id', 'name']).doUpdateSet({ document }))
    .execute()
}

/** False if there was none of this name. */
export async function deleteInlinePolicy(tx: Tx, holder: Holder, name: string): Promise<boolean> {
  const { numDeletedRows } = await tables<PolicyTables>(tx)
    .deleteFrom('iam_inline_policy')
    .where('holder_id', '=', holder.id)
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

async function insertAttachment(
  tx: Tx,
  account: string,
  kind: HolderKind,
  holder: Holder,
  usage: Usage,
  policyArn: string,
): Promise<void> {
  await tables<PolicyTables>(tx)
    .insertInto('iam_attachment')
    .values({ account, holder_kind: kind, holder_id: holder.id, usage, policy_arn: policyArn })
    .onConflict((conflict) => conflict.columns(['holder_id', 'usage', 'policy_arn']).doNothing())
    .execute()
}
