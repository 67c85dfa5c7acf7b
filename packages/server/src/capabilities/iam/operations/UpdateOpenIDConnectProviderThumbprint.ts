import { invalidInput } from '../errors.ts'
import { iam } from '../iam.ts'
import { THUMBPRINTS_PER_PROVIDER } from '../oidc-provider.ts'
import { mustFindProvider, onProvider } from '../oidc-provider-access.ts'
import { changeProvider } from '../oidc-provider-store.ts'

export const UpdateOpenIDConnectProviderThumbprint = iam.write('UpdateOpenIDConnectProviderThumbprint', {
  access: ({ OpenIDConnectProviderArn: arn }) => onProvider('iam:UpdateOpenIDConnectProviderThumbprint', arn),

  async handle({ OpenIDConnectProviderArn: arn, ThumbprintList }, call) {
    const provider = await mustFindProvider(call, arn)
    if (ThumbprintList.length > THUMBPRINTS_PER_PROVIDER) {
      throw invalidInput('Thumbprint list must contain fewer than 5 entries.')
    }
    await changeProvider(call.db, provider, { thumbprints: ThumbprintList })
    return {}
  },
})
