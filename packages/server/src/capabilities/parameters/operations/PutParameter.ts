import type { PutParameterRequest } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import { tagConditions, taggingAccess } from '#capabilities/tags/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { keyOf, namedArn } from '../name.ts'
import { putParameter, tierOf, writtenOver } from '../put-parameter.ts'
import { DEFAULT_KEY, encryptAccess } from '../secure-string.ts'
import type { ParameterTable } from '../tables.ts'

/** Authorised on the parameter, on tagging it if it comes with tags, and on the key that a SecureString is encrypted under. */
export const PutParameter = ssm.write('PutParameter', {
  access(input, call) {
    const resources = [namedArn(call.scope, input.Name)]
    const conditions = {
      'ssm:Overwrite': String(input.Overwrite ?? false),
      ...(input.Policies === undefined ? {} : { 'ssm:Policies': input.Policies }),
      ...tagConditions(input.Tags),
    }
    const put: Access = {
      action: 'ssm:PutParameter',
      resources,
      context: conditions,
      also: () => keyUse(call, input),
    }
    return [put, ...taggingAccess(resources, input.Tags)]
  },

  async handle(input, call) {
    const { version, tier } = await putParameter(call, input)
    return { Version: version, Tier: tier }
  },
})

/** What is not said is as it was, so it takes a look at the parameter. */
async function keyUse(call: Call, input: PutParameterRequest): Promise<Access[]> {
  const { Type, KeyId } = input
  if (Type && Type !== 'SecureString') return []
  const key = keyOf(input.Name.trim())
  const current = await writtenOver(call, key)
  if ((Type ?? current?.type) !== 'SecureString') return []
  const keyId = KeyId ?? current?.key_id ?? DEFAULT_KEY
  return encryptAccess(call, key, keyId, await isAdvanced(call, input, current))
}

/** What fits into no tier is refused for that. */
async function isAdvanced(call: Call, input: PutParameterRequest, current: ParameterTable | undefined) {
  try {
    return (await tierOf(call, input, current)) === 'Advanced'
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}
