/** The act of writing a version of a parameter. */
import type { PutParameterRequest } from '@steward/model/generated/ssm.ts'
import { settingOf } from '#capabilities/settings/index.ts'
import { addResource } from '#capabilities/tags/index.ts'
import type { Call, WriteCall } from '#kernel/declare.ts'
import { KeptOn } from '#kernel/kept-on.ts'
import { enforcePolicies } from './enforce-policies.ts'
import {
  imageMustBeString,
  oldestVersionIsLabelled,
  parameterAlreadyExists,
  tagsWithOverwrite,
  tooManyParameters,
  typeRequired,
} from './errors.ts'
import { labelsOf } from './labels.ts'
import { toLabels } from './look-up.ts'
import { keyOf, nameToWrite, parentOf } from './name.ts'
import { TIERS, type Tier, tierFor } from './parameter.ts'
import { tellChange } from './parameter-events.ts'
import { fromPolicies, nextDue, parsePolicies, rearmed, toPolicies } from './policies.ts'
import { DEFAULT_KEY, encrypted } from './secure-string.ts'
import { countParameters, forgottenUpTo, insertParameter, latestOf, parameterCount, supersede } from './store.ts'
import type { ParameterTable } from './tables.ts'
import { checkPattern, checkValue, dataTypeOf, isImageId } from './value.ts'

const DEFAULT_TIER = '/ssm/parameter-store/default-parameter-tier'

export interface Written {
  readonly version: number
  readonly tier: Tier
}

interface Found {
  readonly key: string
  readonly parameter: ParameterTable | undefined
}

const found = new KeptOn<Call, Found>()

/** The parameter that a call is about to write to, if there is one. Looked up once for each call. */
export async function writtenOver(call: Call, key: string): Promise<ParameterTable | undefined> {
  const known = found.get(call)
  if (known?.key === key) return known.parameter
  const parameter = await latestOf(call.db, call.scope, key)
  found.set(call, { key, parameter })
  return parameter
}

/** Checks everything, then writes; throws what `PutParameter` throws. */
export async function putParameter(call: WriteCall, input: PutParameterRequest): Promise<Written> {
  const name = nameToWrite(call.scope, input.Name)
  if (input.Overwrite && input.Tags?.length) throw tagsWithOverwrite()
  checkValue(input.Value)
  const current = await writtenOver(call, keyOf(name))
  if (current && !input.Overwrite) throw parameterAlreadyExists()
  const next = await newVersion(call, name, input, current)
  const written = { version: next.version, tier: next.tier as Tier }
  if (next.data_type === 'aws:ec2:image' && !isImageId(input.Value)) {
    // AWS takes it and finds out later: the version never becomes visible, and an event says why (PS-14).
    const exception = { exception: 'Unable to Describe Resource', dataType: next.data_type }
    await tellChange(call, next, current ? 'Update' : 'Create', exception)
    return written
  }
  if (current) await replace(call, current, next)
  else await create(call, next, input)
  await tellChange(call, next, current ? 'Update' : 'Create')
  if (next.policy_due !== null) call.wake(enforcePolicies)
  return written
}

async function create(call: WriteCall, next: ParameterTable, { Tags }: PutParameterRequest): Promise<void> {
  await insertParameter(call.db, next)
  await addResource(call.db, call.scope, { type: 'Parameter', id: next.key }, Tags)
  await count(call, next.tier as Tier)
}

async function replace(call: WriteCall, current: ParameterTable, next: ParameterTable): Promise<void> {
  const oldest = forgottenUpTo(next)
  if (labelsOf(toLabels(current), oldest).length > 0) throw oldestVersionIsLabelled(current.name, oldest)
  await supersede(call.db, next)
  if (current.tier === next.tier) return
  await countParameters(call.db, call.scope, current.tier, -1)
  await count(call, next.tier as Tier)
}

/** Last, because others who make parameters wait for the counter. */
async function count(call: WriteCall, tier: Tier): Promise<void> {
  const limit = TIERS[tier].parameters
  if ((await countParameters(call.db, call.scope, tier, 1)) > limit) throw tooManyParameters(tier, limit)
}

/** What the caller leaves out stays as it is (PS-01b). */
async function newVersion(
  call: WriteCall,
  name: string,
  input: PutParameterRequest,
  current: ParameterTable | undefined,
): Promise<ParameterTable> {
  const type = input.Type ?? current?.type
  if (!type) throw typeRequired()
  const allowedPattern = input.AllowedPattern ?? current?.allowed_pattern ?? ''
  if (allowedPattern) checkPattern(allowedPattern, input.Value)
  const dataType = dataTypeOf(input.DataType || current?.data_type || 'text')
  if (dataType === 'aws:ec2:image' && type !== 'String') throw imageMustBeString()
  const policies = policiesOf(call, input, current)
  const tier = await tierOf(call, input, current)
  const key = keyOf(name)
  const keyId = type === 'SecureString' ? (input.KeyId ?? current?.key_id ?? DEFAULT_KEY) : null
  return {
    account: call.scope.account,
    region: call.scope.region,
    key,
    name: current?.name ?? name,
    parent: parentOf(key),
    version: (current?.version ?? 0) + 1,
    type,
    value: keyId === null ? input.Value : await encrypted(call, key, keyId, input.Value),
    key_id: keyId,
    description: input.Description ?? current?.description ?? null,
    allowed_pattern: allowedPattern || null,
    tier,
    data_type: dataType,
    policies: fromPolicies(policies),
    policy_due: nextDue(policies),
    modified_at: call.now.toISOString(),
    modified_by: call.principal.arn,
    labels: current?.labels ?? null,
  }
}

function policiesOf({ now }: Call, { Policies }: PutParameterRequest, current: ParameterTable | undefined) {
  return Policies === undefined ? rearmed(toPolicies(current?.policies ?? null), now) : parsePolicies(Policies, now)
}

/** The tier that the new version gets. Throws where the value or the policies do not fit into what was asked for. */
export async function tierOf(
  call: Call,
  input: PutParameterRequest,
  current: ParameterTable | undefined,
): Promise<Tier> {
  const { Tier: asked, Value: value } = input
  const hasPolicies = policiesOf(call, input, current).length > 0
  const standing = asked ?? (await settingOf(call.db, call.scope, DEFAULT_TIER))
  const standardIsFull =
    standing === 'Intelligent-Tiering' &&
    current === undefined &&
    (await parameterCount(call.db, call.scope, 'Standard')) >= TIERS.Standard.parameters
  const currentTier = current?.tier as Tier | undefined
  return tierFor({
    asked,
    standing: standing as NonNullable<typeof asked>,
    current: currentTier,
    value,
    hasPolicies,
    standardIsFull,
  })
}
