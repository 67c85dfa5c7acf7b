import type { PutParameterRequest } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import { tagConditions, taggingAccess } from '#capabilities/tags/index.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { keyOf, namedArn } from '../name.ts'
import { putParameter, writtenOver } from '../put-parameter.ts'
import { DEFAULT_KEY, encryptAccess } from '../secure-string.ts'

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
async function keyUse(call: Call, { Name, Type, KeyId }: PutParameterRequest): Promise<Access[]> {
  const key = keyOf(Name.trim())
  const current = Type && (KeyId || Type !== 'SecureString') ? undefined : await writtenOver(call, key)
  if ((Type ?? current?.type) !== 'SecureString') return []
  return encryptAccess(call, key, KeyId ?? current?.key_id ?? DEFAULT_KEY)
}
