/** The account's own managed policies and their versions, with AWS's among them where they are looked up. */
import type { Tag } from '@steward/model/generated/iam.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { AWS_MANAGED } from './aws-managed/index.ts'
import { nameKey } from './entity.ts'
import { readTags } from './entity-tags.ts'
import { isAwsManaged, type ManagedPolicy, type PolicyVersion } from './policy.ts'
import type { PolicyTable, PolicyTables } from './tables.ts'

export interface NewPolicy extends Omit<ManagedPolicy, 'defaultVersion' | 'updatedAt'> {
  readonly document: string
}

/** False if a policy of that name is there already. */
export async function insertPolicy(tx: Tx, account: string, policy: NewPolicy): Promise<boolean> {
  const created = policy.createdAt.toISOString()
  const { numInsertedOrUpdatedRows } = await tables<PolicyTables>(tx)
    .insertInto('iam_policy')
    .values({
      account,
      policy_id: policy.id,
      arn: policy.arn,
      name: policy.name,
      name_key: nameKey(policy.name),
      path: policy.path,
      description: policy.description ?? null,
      default_version: 1,
      last_version: 1,
      created_at: created,
      updated_at: created,
      tags: JSON.stringify(policy.tags),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) return false
  await insertVersion(tx, policy.id, { number: 1, document: policy.document, createdAt: policy.createdAt })
  return true
}

/** An own policy of the account, or one of AWS's. */
export async function findPolicy(reader: Reader, account: string, arn: string): Promise<ManagedPolicy | undefined> {
  if (isAwsManaged(arn)) return AWS_MANAGED.get(arn)
  const row = await tables<PolicyTables>(reader)
    .selectFrom('iam_policy')
    .selectAll()
    .where('account', '=', account)
    .where('arn', '=', arn)
    .executeTakeFirst()
  return row && toPolicy(row)
}

export async function managedPolicyExists(reader: Reader, account: string, arn: string): Promise<boolean> {
  return (await findPolicy(reader, account, arn)) !== undefined
}

/** The account's own, in no order. */
export async function ownPolicies(reader: Reader, account: string): Promise<ManagedPolicy[]> {
  const rows = await tables<PolicyTables>(reader)
    .selectFrom('iam_policy')
    .selectAll()
    .where('account', '=', account)
    .execute()
  return rows.map(toPolicy)
}

/** Oldest first. */
export async function policyVersions(reader: Reader, policy: ManagedPolicy): Promise<PolicyVersion[]> {
  const aws = AWS_MANAGED.get(policy.arn)
  if (aws) return [aws.version]
  const rows = await tables<PolicyTables>(reader)
    .selectFrom('iam_policy_version')
    .selectAll()
    .where('policy_id', '=', policy.id)
    .orderBy('version')
    .execute()
  return rows.map(({ version, document, created_at }) => ({
    number: version,
    document,
    createdAt: new Date(created_at),
  }))
}

/** The documents in force of these policies, by ARN; unknown ARNs are not in the map. */
export async function defaultDocuments(
  reader: Reader,
  account: string,
  arns: readonly string[],
): Promise<Map<string, string>> {
  const documents = new Map<string, string>()
  for (const arn of arns) {
    const aws = AWS_MANAGED.get(arn)
    if (aws) documents.set(arn, aws.version.document)
  }
  const own = arns.filter((arn) => !isAwsManaged(arn))
  if (own.length === 0) return documents
  const rows = await tables<PolicyTables>(reader)
    .selectFrom('iam_policy as p')
    .innerJoin('iam_policy_version as v', (join) =>
      join.onRef('v.policy_id', '=', 'p.policy_id').onRef('v.version', '=', 'p.default_version'),
    )
    .select(['p.arn', 'v.document'])
    .where('p.account', '=', account)
    .where('p.arn', 'in', own)
    .execute()
  for (const { arn, document } of rows) documents.set(arn, document)
  return documents
}

/** Adds a version and answers its number, which no version of the policy had before. */
export async function appendVersion(
  tx: Tx,
  policy: ManagedPolicy,
  { document, createdAt, isDefault }: Omit<PolicyVersion, 'number'> & { isDefault: boolean },
): Promise<number> {
  const { last_version: number } = await tables<PolicyTables>(tx)
    .updateTable('iam_policy')
    .set((eb) => ({ last_version: eb('last_version', '+', 1), updated_at: createdAt.toISOString() }))
    .where('policy_id', '=', policy.id)
    .returning('last_version')
    .executeTakeFirstOrThrow()
  await insertVersion(tx, policy.id, { number, document, createdAt })
  if (isDefault) await setDefaultVersion(tx, policy, number)
  return number
}

export async function setDefaultVersion(tx: Tx, policy: ManagedPolicy, number: number): Promise<void> {
  await tables<PolicyTables>(tx)
    .updateTable('iam_policy')
    .set({ default_version: number })
    .where('policy_id', '=', policy.id)
    .execute()
}

export async function deleteVersion(tx: Tx, policy: ManagedPolicy, number: number): Promise<void> {
  await tables<PolicyTables>(tx)
    .deleteFrom('iam_policy_version')
    .where('policy_id', '=', policy.id)
    .where('version', '=', number)
    .execute()
}

export async function deletePolicy(tx: Tx, policy: ManagedPolicy): Promise<void> {
  await tables<PolicyTables>(tx).deleteFrom('iam_policy_version').where('policy_id', '=', policy.id).execute()
  await tables<PolicyTables>(tx).deleteFrom('iam_policy').where('policy_id', '=', policy.id).execute()
}

export async function setPolicyTags(tx: Tx, policy: ManagedPolicy, tags: readonly Tag[]): Promise<void> {
  await tables<PolicyTables>(tx)
    .updateTable('iam_policy')
    .set({ tags: JSON.stringify(tags) })
    .where('policy_id', '=', policy.id)
    .execute()
}

async function insertVersion(tx: Tx, policyId: string, { number, document, createdAt }: PolicyVersion): Promise<void> {
  await tables<PolicyTables>(tx)
    .insertInto('iam_policy_version')
    .values({ policy_id: policyId, version: number, document, created_at: createdAt.toISOString() })
    .execute()
}

function toPolicy(row: PolicyTable): ManagedPolicy {
  return {
    id: row.policy_id,
    arn: row.arn,
    name: row.name,
    path: row.path,
    description: row.description ?? undefined,
    defaultVersion: row.default_version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    tags: readTags(row.tags),
  }
}
