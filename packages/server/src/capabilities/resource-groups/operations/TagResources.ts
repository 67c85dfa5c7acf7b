import type { FailureInfo } from '@steward/model/generated/resourcegroupstaggingapi.ts'
import { type TagKeeper, tagConditions, toTags } from '#capabilities/tags/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, WriteCall } from '#kernel/declare.ts'
import { invalidParameter } from '../errors.ts'
import { keeperOf } from '../keepers.ts'
import { tagging } from '../services.ts'

/** Tags each of the resources that can be tagged, and that the caller may tag at the service it belongs to; the others fail (RG-12). */
export const TagResources = tagging.write('TagResources', {
  access: ({ Tags }) => ({ action: 'tag:TagResources', resources: ['*'], context: tagConditions(toTags(Tags)) }),

  async handle({ ResourceARNList, Tags }, call) {
    const tags = toTags(Tags)
    const reserved = tags.find(({ Key }) => Key.toLowerCase().startsWith('aws:'))
    if (reserved) throw invalidParameter(`The tag key ${reserved.Key} begins with aws:, which is reserved.`)
    const FailedResourcesMap = await forEach(ResourceARNList, call, {
      access: (keeper, arn) => ({ action: keeper.tagging, resources: [arn], context: tagConditions(tags) }),
      change: (keeper, id) => keeper.put(call.db, call.scope, id, tags),
    })
    return { FailedResourcesMap }
  },
})

export const UntagResources = tagging.write('UntagResources', {
  access: ({ TagKeys }) => ({ action: 'tag:UntagResources', resources: ['*'], context: { 'aws:TagKeys': TagKeys } }),

  async handle({ ResourceARNList, TagKeys }, call) {
    const FailedResourcesMap = await forEach(ResourceARNList, call, {
      access: (keeper, arn) => ({ action: keeper.untagging, resources: [arn], context: { 'aws:TagKeys': TagKeys } }),
      change: (keeper, id) => keeper.remove(call.db, call.scope, id, TagKeys),
    })
    return { FailedResourcesMap }
  },
})

interface Change {
  access(keeper: TagKeeper, arn: string): Access
  change(keeper: TagKeeper, id: string): Promise<void>
}

async function forEach(arns: readonly string[], call: WriteCall, change: Change): Promise<Record<string, FailureInfo>> {
  const failures: Record<string, FailureInfo> = {}
  for (const arn of new Set(arns)) {
    const failure = await failureOf(arn, call, change)
    if (failure) failures[arn] = failure
  }
  return failures
}

async function failureOf(arn: string, { scope, may }: WriteCall, { access, change }: Change) {
  const kept = keeperOf(scope, arn)
  if (!kept) return failure('There is no resource with this ARN that can be tagged in this account and Region.')
  const { keeper, id } = kept
  const demanded = access(keeper, arn)
  if (!(await may(demanded)))
    return failure(`You are not authorized to perform: ${demanded.action} on resource: ${arn}`)
  try {
    await change(keeper, id)
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return failure(error.message || 'There is no such resource.')
  }
}

function failure(ErrorMessage: string): FailureInfo {
  return { StatusCode: 400, ErrorCode: 'InvalidParameterException', ErrorMessage }
}
