import { beginOidc } from '../by-oidc.ts'
import { validationError } from '../errors.ts'
import { steward } from '../steward.ts'

export const BeginOidcSignIn = steward.open('BeginOidcSignIn', {
  authentication: 'none',
  access: () => ({ action: 'steward:BeginOidcSignIn', resources: ['*'] }),

  async handle({ ProviderId }, call) {
    const provider = call.features.singleSignOn.find(({ id }) => id === ProviderId)
    if (!provider) throw validationError(`There is no provider ${ProviderId} here.`)
    return beginOidc(call, provider)
  },
})
