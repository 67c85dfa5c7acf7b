/**
 * Sharing by resource policies (PS-17): what a parameter's policies allow to principals of other accounts. The door decides for
 * users and roles; the root of another account has no policies, so what is shared with it is decided here.
 */
import type { Kysely } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import { evaluate } from '#iam/policy/evaluate.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { requestContext } from '#iam/policy/request-context.ts'
import type { Call, ResourceDescription, ResourceDirectory } from '#kernel/declare.ts'
import type { AttachedPolicy } from '#kernel/policy.ts'
import type { Scope } from '#kernel/scope.ts'
import { parameterNotFound } from './errors.ts'
import { isPublic, keyOf, type ParameterRef, parameterArn } from './name.ts'
import { listParameters, type ParameterFilters } from './store.ts'
import type { ParameterTable, ParameterTables } from './tables.ts'

const policiesOf = statement((db: Kysely<ParameterTables>, account: string, region: string, key: string) =>
  db
    .selectFrom('parameter_policy')
    .select('policy')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('key', '=', key)
    .orderBy('policy_id'),
)

/** Tells the door of the policies of parameters. */
export const parameterPolicies: ResourceDirectory = {
  services: ['ssm'],
  keepsPolicies: true,
  async describe(reader: Reader, arn: string): Promise<ResourceDescription | undefined> {
    const [, region, account, name] = /^arn:[^:]+:ssm:([^:]+):(\d{12}):parameter\/(.+)$/.exec(arn) ?? []
    if (region === undefined || account === undefined || name === undefined) return undefined
    const policy = await policyOf(reader, { account, region }, keyOf(name))
    return policy && { policy }
  },
}

async function policyOf(reader: Reader, { account, region }: Scope, key: string): Promise<AttachedPolicy | undefined> {
  const rows = await policiesOf(reader, account, region, key)
  if (rows.length === 0) return undefined
  const statements = rows.flatMap(({ policy }) => parsePolicy(policy, 'resource').statements)
  return { name: key, source: 'resource', policy: { version: '2012-10-17', id: undefined, statements } }
}

/** Whether the caller may do this with another account's parameter as far as that account is concerned. */
export async function isSharedWith(
  call: Call,
  { scope, key }: Pick<ParameterRef, 'scope' | 'key'>,
  action: string,
): Promise<boolean> {
  const policy = await policyOf(call.db, scope, key)
  if (!policy || scope.region !== call.scope.region) return false
  const { account } = call.scope
  const question = {
    asker: { account, own: [`arn:aws:iam::${account}:root`], behind: [] },
    action,
    resource: parameterArn(scope, key),
    context: requestContext(),
  }
  return evaluate(question, { identity: [ALL], resource: { account: scope.account, policy } }).allowed
}

const ALL: AttachedPolicy = {
  name: 'all',
  source: 'user',
  policy: parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'),
}

/** Who speaks for a whole account may read another's parameter only if it is shared with the account. Throws `ParameterNotFound`. */
export async function mustBeShared(call: Call, ref: ParameterRef, action: string): Promise<void> {
  const { account, region } = ref.scope
  if (isPublic(ref.key)) return
  if (region !== call.scope.region) throw parameterNotFound()
  if (account === call.scope.account || !['root', 'node'].includes(call.principal.kind)) return
  if (!(await isSharedWith(call, ref, action))) throw parameterNotFound()
}

/** Parameters that other accounts share with the caller's, in order of account and key, after the one `after`. */
export async function listShared(
  call: Call,
  filters: ParameterFilters,
  after: { readonly account: string; readonly after: string } | undefined,
  limit: number,
): Promise<ParameterTable[]> {
  const found: ParameterTable[] = []
  for (const { account, key } of await sharedByOthers(call, after)) {
    if (found.length === limit) break
    const scope = { account, region: call.scope.region }
    if (!(await isSharedWith(call, { scope, key }, 'ssm:DescribeParameters'))) continue
    const only = { column: 'key', how: 'equals', values: [key] } as const
    found.push(
      ...(await listParameters(call.db, scope, { ...filters, columns: [...filters.columns, only] }, undefined, 1)),
    )
  }
  return found
}

function sharedByOthers(
  { db, scope }: Call,
  after: { readonly account: string; readonly after: string } | undefined,
): Promise<{ account: string; key: string }[]> {
  let query = tables<ParameterTables>(db)
    .selectFrom('parameter_policy')
    .select(['account', 'key'])
    .distinct()
    .where('region', '=', scope.region)
    .where('account', '<>', scope.account)
  if (after) query = query.where((eb) => eb(eb.refTuple('account', 'key'), '>', eb.tuple(after.account, after.after)))
  return query.orderBy('account').orderBy('key').execute()
}
