import { iam } from '../iam.ts'
import { onProvider } from '../oidc-provider-access.ts'
import { removeProvider } from '../oidc-provider-store.ts'

/** One that is not there is no fault. */
export const DeleteOpenIDConnectProvider = iam.write('DeleteOpenIDConnectProvider', {
  access: ({ OpenIDConnectProviderArn: arn }) => onProvider('iam:DeleteOpenIDConnectProvider', arn),

  async handle({ OpenIDConnectProviderArn: arn }, { db, scope }) {
    await removeProvider(db, scope.account, arn)
    return {}
  },
})
