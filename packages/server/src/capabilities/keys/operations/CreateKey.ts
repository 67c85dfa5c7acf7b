import { defaultPolicy } from '../default-policy.ts'
import { invalid, unsupported } from '../errors.ts'
import { keyArn, toMetadata } from '../key.ts'
import { checkNewPolicy } from '../key-policy.ts'
import { checkUsage } from '../key-spec.ts'
import { checkTags, putTags, tagConditions } from '../key-tags.ts'
import { kms } from '../kms.ts'
import { makeKey } from '../new-key.ts'

export const CreateKey = kms.write('CreateKey', {
  access(input, call) {
    const tags = tagConditions(input.Tags ?? [])
    const context = {
      'kms:BypassPolicyLockoutSafetyCheck': String(input.BypassPolicyLockoutSafetyCheck ?? false),
      'kms:KeyOrigin': input.Origin ?? 'AWS_KMS',
      'kms:KeySpec': input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT',
      'kms:KeyUsage': input.KeyUsage ?? 'ENCRYPT_DECRYPT',
      'kms:MultiRegion': String(input.MultiRegion ?? false),
      ...tags,
    }
    const create = { action: 'kms:CreateKey', resources: ['*'], context }
    if (!input.Tags?.length) return create
    return [create, { action: 'kms:TagResource', resources: [keyArn(call.scope, '*')], context: tags }]
  },

  async handle(input, call) {
    const { Tags: tags = [] } = input
    if (input.KeySpec && input.CustomerMasterKeySpec && input.KeySpec !== input.CustomerMasterKeySpec)
      throw invalid(
        'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
      )
    if (input.Origin && input.Origin !== 'AWS_KMS')
      throw unsupported('Keys whose secret comes from elsewhere are not built into Steward yet.')
    if (input.CustomKeyStoreId || input.XksKeyId) throw unsupported('There are no custom key stores in Steward.')
    if (input.MultiRegion) throw unsupported('There are no multi-Region keys in Steward.')
    const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'
    const usage = checkUsage(spec, input.KeyUsage)
    checkTags(tags)
    if (input.Policy !== undefined) await checkNewPolicy(input.Policy, call, input.BypassPolicyLockoutSafetyCheck)
    const key = await makeKey(call, {
      spec,
      usage,
      manager: 'CUSTOMER',
      description: input.Description ?? '',
      policy: input.Policy ?? defaultPolicy(call.scope),
    })
    await putTags(call.db, key.keyId, tags)
    return { KeyMetadata: toMetadata(key) }
  },
})
