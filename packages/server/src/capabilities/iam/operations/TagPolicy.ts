import { requestTags, withoutTags, withTags } from '../entity-tags.ts'
import { iam } from '../iam.ts'
import { pageOf, sortedBy } from '../page.ts'
import { mustFindOwnPolicy, mustFindPolicy, onPolicy } from '../policy-access.ts'
import { setPolicyTags } from '../policy-store.ts'

export const TagPolicy = iam.write('TagPolicy', {
  access: ({ PolicyArn, Tags }) => onPolicy('iam:TagPolicy', PolicyArn, requestTags(Tags)),

  async handle({ PolicyArn, Tags }, call) {
    const policy = await mustFindOwnPolicy(call, PolicyArn)
    await setPolicyTags(call.db, policy, withTags(policy.tags, Tags))
    return {}
  },
})

export const UntagPolicy = iam.write('UntagPolicy', {
  access: ({ PolicyArn, TagKeys }) => onPolicy('iam:UntagPolicy', PolicyArn, { 'aws:TagKeys': TagKeys }),

  async handle({ PolicyArn, TagKeys }, call) {
    const policy = await mustFindOwnPolicy(call, PolicyArn)
    await setPolicyTags(call.db, policy, withoutTags(policy.tags, TagKeys))
    return {}
  },
})

export const ListPolicyTags = iam.read('ListPolicyTags', {
  access: ({ PolicyArn }) => onPolicy('iam:ListPolicyTags', PolicyArn),

  async handle(input, call) {
    const { tags } = await mustFindPolicy(call, input.PolicyArn)
    const byKey = ({ Key }: { Key: string }) => Key
    const { items, ...page } = pageOf(call, input, sortedBy(tags, byKey), byKey)
    return { Tags: items, ...page }
  },
})
