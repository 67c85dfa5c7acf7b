/**
 * What an account's log groups let services do. AWS wants it for rules that lead to log groups; here they do within their account, so
 * that such a policy can only deny.
 */
import { type Reader, type Tx, tables } from '#db/database.ts'
import { deniesService } from '#iam/policy/denies-service.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import { noSuchPolicy, tooManyPolicies } from './errors.ts'
import type { LogTables, ResourcePolicyRow } from './tables.ts'

const POLICIES_PER_REGION = 10

/** In order of their names, after `after`. */
export function listPolicies(
  reader: Reader,
  { account, region }: Scope,
  after = '',
  limit = POLICIES_PER_REGION,
): Promise<ResourcePolicyRow[]> {
  return tables<LogTables>(reader)
    .selectFrom('log_resource_policy')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('name', '>', after)
    .orderBy('name')
    .limit(limit)
    .execute()
}

/** Replaces the one of that name. Throws `InvalidParameterException`, `LimitExceededException`. */
export async function putPolicy(tx: Tx, row: ResourcePolicyRow): Promise<void> {
  parsePolicy(row.document, 'resource', 'InvalidParameterException')
  const present = await listPolicies(tx, row)
  if (present.length >= POLICIES_PER_REGION && !present.some(({ name }) => name === row.name)) throw tooManyPolicies()
  const { document, updated_at } = row
  await tables<LogTables>(tx)
    .insertInto('log_resource_policy')
    .values(row)
    .onConflict((conflict) => conflict.columns(['account', 'region', 'name']).doUpdateSet({ document, updated_at }))
    .execute()
}

/** Throws `ResourceNotFoundException`. */
export async function deletePolicy(tx: Tx, { account, region }: Scope, name: string): Promise<void> {
  const { numDeletedRows } = await tables<LogTables>(tx)
    .deleteFrom('log_resource_policy')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) throw noSuchPolicy(name)
}

/** Whether a policy denies a service to write into a stream. */
export async function isDenied(
  reader: Reader,
  scope: Scope,
  service: string,
  streamArn: string,
  sourceArn: string,
): Promise<boolean> {
  const deed = { scope, service, action: 'logs:PutLogEvents', resource: streamArn, sourceArn }
  const policies = await listPolicies(reader, scope)
  return policies.some(({ name, document }) =>
    deniesService(deed, { name, source: 'resource', policy: parsePolicy(document, 'resource') }),
  )
}

/** The resource that operations on these policies are authorised on. */
export function policyResource(scope: Scope): string {
  return arn(scope, 'logs', '*')
}
