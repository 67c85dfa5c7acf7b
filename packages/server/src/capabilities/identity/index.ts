import { capability } from '#kernel/declare.ts'

export { discoveredIssuer } from './issuer-keys.ts'
export { fetchJson, IssuerUnreachable } from './issuer-request.ts'
export { rolePrincipal } from './role-session.ts'
export { provenIdentity, type WebIdentity } from './web-identity.ts'
export { roleTrusting, webSession } from './web-session.ts'

/** STS: who the caller is, and temporary credentials for roles, users and web identities. */
export const identityCapability = capability({ name: 'identity', url: import.meta.url })
