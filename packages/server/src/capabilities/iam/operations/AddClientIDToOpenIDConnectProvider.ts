import { quotaExceeded } from '../errors.ts'
import { iam } from '../iam.ts'
import { CLIENT_IDS_PER_PROVIDER } from '../oidc-provider.ts'
import { mustFindProvider, onProvider } from '../oidc-provider-access.ts'
import { changeProvider } from '../oidc-provider-store.ts'

/** One that is there already is no fault. */
export const AddClientIDToOpenIDConnectProvider = iam.write('AddClientIDToOpenIDConnectProvider', {
  access: ({ OpenIDConnectProviderArn: arn }) => onProvider('iam:AddClientIDToOpenIDConnectProvider', arn),

  async handle({ OpenIDConnectProviderArn: arn, ClientID }, call) {
    const provider = await mustFindProvider(call, arn)
    if (provider.clientIds.includes(ClientID)) return {}
    if (provider.clientIds.length >= CLIENT_IDS_PER_PROVIDER) {
      throw quotaExceeded('ClientIdsPerOpenIdConnectProvider', CLIENT_IDS_PER_PROVIDER)
    }
    await changeProvider(call.db, provider, { clientIds: [...provider.clientIds, ClientID] })
    return {}
  },
})

/** One that is not there is no fault. */
export const RemoveClientIDFromOpenIDConnectProvider = iam.write('RemoveClientIDFromOpenIDConnectProvider', {
  access: ({ OpenIDConnectProviderArn: arn }) => onProvider('iam:RemoveClientIDFromOpenIDConnectProvider', arn),

  async handle({ OpenIDConnectProviderArn: arn, ClientID }, call) {
    const provider = await mustFindProvider(call, arn)
    await changeProvider(call.db, provider, { clientIds: provider.clientIds.filter((id) => id !== ClientID) })
    return {}
  },
})
