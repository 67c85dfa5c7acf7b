/** Public parameters that operators bring in themselves: rows of no account, in one Region (PS-16). */
import type { PublicParameter } from '@steward/model/generated/steward.ts'
import type { WriteCall } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { notPublic } from './errors.ts'
import { isPublic, parentOf, parseReference } from './name.ts'
import { isBuiltIn } from './public-parameters.ts'
import { countParameters, deleteParameter, insertParameter, latestOf, supersede } from './store.ts'
import type { ParameterTable } from './tables.ts'

/** False if it is so already. Throws `ValidationException` for names that are not to be imported. */
export async function publish(call: WriteCall, input: PublicParameter): Promise<boolean> {
  const { scope, key } = publicPlace(call.scope, input.Name)
  const current = await latestOf(call.db, scope, key)
  const next = nextVersion(scope, key, input, call.now, current)
  if (!current) {
    await insertParameter(call.db, next)
    await countParameters(call.db, scope, next.tier, 1)
    return true
  }
  const { type, value, description } = current
  if (type === next.type && value === next.value && description === next.description) return false
  await supersede(call.db, next)
  return true
}

/** False if there is none of that name. Throws `ValidationException` for names that are not to be imported. */
export async function unpublish(call: WriteCall, name: string): Promise<boolean> {
  const { scope, key } = publicPlace(call.scope, name)
  const current = await latestOf(call.db, scope, key)
  if (current) await deleteParameter(call.db, current)
  return current !== undefined
}

function publicPlace(caller: Scope, name: string): { readonly scope: Scope; readonly key: string } {
  const { scope, key, selector } = parseReference(caller, name)
  if (selector || !isPublic(key) || isBuiltIn(key)) throw notPublic(name)
  return { scope: { account: '', region: scope.region }, key }
}

function nextVersion(
  { account, region }: Scope,
  key: string,
  { Value, Type = 'String', Description }: PublicParameter,
  now: Date,
  current: ParameterTable | undefined,
): ParameterTable {
  return {
    account,
    region,
    key,
    name: key,
    parent: parentOf(key),
    version: (current?.version ?? 0) + 1,
    type: Type,
    value: Value,
    key_id: null,
    description: Description ?? null,
    allowed_pattern: null,
    tier: 'Standard',
    data_type: 'text',
    policies: null,
    modified_at: now.toISOString(),
    modified_by: '',
    labels: null,
    policy_due: null,
  }
}
