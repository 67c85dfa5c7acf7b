import { requestTags, withoutTags, withTags } from '../entity-tags.ts'
import { iam } from '../iam.ts'
import { mustFindProvider, onProvider } from '../oidc-provider-access.ts'
import { changeProvider } from '../oidc-provider-store.ts'
import { pageOf, sortedBy } from '../page.ts'

export const TagOpenIDConnectProvider = iam.write('TagOpenIDConnectProvider', {
  access: ({ OpenIDConnectProviderArn: arn, Tags }) =>
    onProvider('iam:TagOpenIDConnectProvider', arn, requestTags(Tags)),

  async handle({ OpenIDConnectProviderArn: arn, Tags }, call) {
    const provider = await mustFindProvider(call, arn)
    await changeProvider(call.db, provider, { tags: withTags(provider.tags, Tags) })
    return {}
  },
})

export const UntagOpenIDConnectProvider = iam.write('UntagOpenIDConnectProvider', {
  access: ({ OpenIDConnectProviderArn: arn, TagKeys }) =>
    onProvider('iam:UntagOpenIDConnectProvider', arn, { 'aws:TagKeys': TagKeys }),

  async handle({ OpenIDConnectProviderArn: arn, TagKeys }, call) {
    const provider = await mustFindProvider(call, arn)
    await changeProvider(call.db, provider, { tags: withoutTags(provider.tags, TagKeys) })
    return {}
  },
})

export const ListOpenIDConnectProviderTags = iam.read('ListOpenIDConnectProviderTags', {
  access: ({ OpenIDConnectProviderArn: arn }) => onProvider('iam:ListOpenIDConnectProviderTags', arn),

  async handle(input, call) {
    const { tags } = await mustFindProvider(call, input.OpenIDConnectProviderArn)
    const byKey = ({ Key }: { Key: string }) => Key
    const { items, ...page } = pageOf(call, input, sortedBy(tags, byKey), byKey)
    return { Tags: items, ...page }
  },
})
