import { iam } from '../iam.ts'
import { mustFindProvider, onProvider } from '../oidc-provider-access.ts'
import { listProviders } from '../oidc-provider-store.ts'

export const GetOpenIDConnectProvider = iam.read('GetOpenIDConnectProvider', {
  access: ({ OpenIDConnectProviderArn: arn }) => onProvider('iam:GetOpenIDConnectProvider', arn),

  async handle({ OpenIDConnectProviderArn: arn }, call) {
    const { url, clientIds, thumbprints, createdAt, tags } = await mustFindProvider(call, arn)
    return {
      Url: url,
      ClientIDList: [...clientIds],
      ThumbprintList: [...thumbprints],
      CreateDate: createdAt,
      Tags: [...tags],
    }
  },
})

export const ListOpenIDConnectProviders = iam.read('ListOpenIDConnectProviders', {
  access: () => ({ action: 'iam:ListOpenIDConnectProviders', resources: ['*'] }),

  async handle(_input, { db, scope }) {
    const providers = await listProviders(db, scope.account)
    return { OpenIDConnectProviderList: providers.map(({ arn }) => ({ Arn: arn })) }
  },
})
