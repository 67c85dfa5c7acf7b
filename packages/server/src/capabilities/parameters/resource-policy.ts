/** Resource policies of parameters (X-25, PS-17): an Advanced parameter says whom else it is for. */
import { createHash } from 'node:crypto'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalidPolicyParameter, policyConflict, policyNotFound, resourceNotFound, tooLargePolicy } from './errors.ts'
import { parseReference } from './name.ts'
import { latestOf } from './store.ts'
import type { ParameterTable, ParameterTables, ResourcePolicyTable } from './tables.ts'

const POLICY_BYTES = 1024

/** The parameter of an ARN in the caller's account and Region. Throws `ResourceNotFoundException`. */
export async function parameterOfArn(reader: Reader, scope: Scope, resourceArn: string): Promise<ParameterTable> {
  if (!/^arn:aws:ssm:[^:]+:\d{12}:parameter\/[^:]+$/.test(resourceArn)) {
    throw invalidPolicyParameter('ResourceArn', 'is not the ARN of a parameter')
  }
  const ref = parseReference(scope, resourceArn)
  const isOwn = ref.scope.account === scope.account && ref.scope.region === scope.region
  const parameter = isOwn ? await latestOf(reader, scope, ref.key) : undefined
  if (!parameter) throw resourceNotFound(resourceArn)
  return parameter
}

export function checkPolicySize(policy: string): void {
  if (Buffer.byteLength(policy) > POLICY_BYTES) throw tooLargePolicy(POLICY_BYTES)
}

export function policyHash(policy: string): string {
  return createHash('sha256').update(policy).digest('hex')
}

/** The policies of a parameter in order of their ids, after the id `after`. */
export function resourcePolicies(
  reader: Reader,
  { account, region, key }: ParameterTable,
  after: string,
  limit: number,
): Promise<ResourcePolicyTable[]> {
  return tables<ParameterTables>(reader)
    .selectFrom('parameter_policy')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('key', '=', key)
    .where('policy_id', '>', after)
    .orderBy('policy_id')
    .limit(limit)
    .execute()
}

/** The policy as the caller saw it. Throws `ResourcePolicyNotFoundException`, `ResourcePolicyConflictException`. */
export async function mustBeAsSeen(
  reader: Reader,
  { account, region, key }: ParameterTable,
  policyId: string,
  hash: string | undefined,
): Promise<void> {
  const row = await tables<ParameterTables>(reader)
    .selectFrom('parameter_policy')
    .select('policy_hash')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('key', '=', key)
    .where('policy_id', '=', policyId)
    .executeTakeFirst()
  if (!row) throw policyNotFound(policyId)
  if (row.policy_hash !== hash) throw policyConflict()
}

export async function writePolicy(
  tx: Tx,
  { account, region, key }: Pick<ParameterTable, 'account' | 'region' | 'key'>,
  policyId: string,
  policy: string,
): Promise<void> {
  const policy_hash = policyHash(policy)
  await tables<ParameterTables>(tx)
    .insertInto('parameter_policy')
    .values({ account, region, key, policy_id: policyId, policy_hash, policy })
    .onConflict((conflict) =>
      conflict.columns(['account', 'region', 'key', 'policy_id']).doUpdateSet({ policy_hash, policy }),
    )
    .execute()
}

export async function deletePolicy(tx: Tx, { account, region, key }: ParameterTable, policyId: string): Promise<void> {
  await tables<ParameterTables>(tx)
    .deleteFrom('parameter_policy')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('key', '=', key)
    .where('policy_id', '=', policyId)
    .execute()
}
