import { beginOidc, PROVIDER_ID } from '../by-oidc.ts'
import { validationError } from '../errors.ts'
import { steward } from '../steward.ts'

export const BeginOidcSignIn = steward.open('BeginOidcSignIn', {
  authentication: 'none',
  access: () => ({ action: 'steward:BeginOidcSignIn', resources: ['*'] }),

  async handle({ ProviderId }, call) {
    const { singleSignOn } = call.features
    if (!singleSignOn || ProviderId !== PROVIDER_ID) throw validationError(`There is no provider ${ProviderId} here.`)
    return beginOidc(call, singleSignOn)
  },
})
