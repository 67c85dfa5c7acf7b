import { creation, withTags } from '../entity-tags.ts'
import { invalidInput, providerExists, quotaExceeded } from '../errors.ts'
import { iam } from '../iam.ts'
import {
  CLIENT_IDS_PER_PROVIDER,
  PROVIDERS_PER_ACCOUNT,
  providerUrl,
  THUMBPRINTS_PER_PROVIDER,
} from '../oidc-provider.ts'
import { insertProvider, listProviders } from '../oidc-provider-store.ts'
import { shownTags } from '../policy-access.ts'

export const CreateOpenIDConnectProvider = iam.write('CreateOpenIDConnectProvider', {
  access({ Url, Tags }, { scope }) {
    const resources = [providerArn(scope.account, Url)]
    return creation({ action: 'iam:CreateOpenIDConnectProvider', resources }, 'iam:TagOpenIDConnectProvider', Tags)
  },

  async handle({ Url, ClientIDList = [], ThumbprintList = [], Tags }, { db, scope, now }) {
    const url = providerUrl(Url)
    if (url === undefined) throw invalidInput('Invalid Open ID Connect Provider URL')
    if (ClientIDList.length > CLIENT_IDS_PER_PROVIDER) {
      throw quotaExceeded('ClientIdsPerOpenIdConnectProvider', CLIENT_IDS_PER_PROVIDER)
    }
    if (ThumbprintList.length > THUMBPRINTS_PER_PROVIDER) {
      throw invalidInput('Thumbprint list must contain fewer than 5 entries.')
    }
    if ((await listProviders(db, scope.account)).length >= PROVIDERS_PER_ACCOUNT) {
      throw quotaExceeded('OpenIdConnectProvidersPerAccount', PROVIDERS_PER_ACCOUNT)
    }
    const arn = providerArn(scope.account, Url)
    const tags = withTags([], Tags)
    const inserted = await insertProvider(db, {
      account: scope.account,
      arn,
      url,
      clientIds: [...new Set(ClientIDList)],
      thumbprints: ThumbprintList,
      createdAt: now,
      tags,
    })
    if (!inserted) throw providerExists(url)
    return { OpenIDConnectProviderArn: arn, ...shownTags(tags) }
  },
})

function providerArn(account: string, url: string): string {
  return `arn:aws:iam::${account}:oidc-provider/${providerUrl(url) ?? url}`
}
