import { capability } from '#kernel/declare.ts'
import { sealedAccessKeySecrets } from './access-key-store.ts'
import { sealedMfaSeeds } from './mfa-device-store.ts'
import { iamPolicies0001 } from './migrations/0001-policies.ts'
import { iamRoles0002 } from './migrations/0002-roles.ts'
import { iamUsers0003 } from './migrations/0003-users.ts'
import { iamUsers0004 } from './migrations/0004-root-key-use.ts'
import { principalDirectory } from './principal-directory.ts'
import { iamResources } from './resource-directory.ts'
import { beginAccount } from './service-linked.ts'

export { findAccessKey } from './access-key-store.ts'
export { findAccount } from './account-store.ts'
export { type FailedAttempts, secondsToWait } from './failed-attempts.ts'
export type { LoginProfile } from './login-profile-store.ts'
export { checkAnyMfa, checkMfa, hasMfa } from './mfa.ts'
export { providerUrl } from './oidc-provider.ts'
export { findProvider, type OidcProvider } from './oidc-provider-store.ts'
export { passwordExpiry } from './password-policy.ts'
export { managedPolicyExists } from './policy-store.ts'
export { checkPrincipals } from './principal-lookup.ts'
export type { Role } from './role.ts'
export { findRole, findRoleByArn, noteRoleUse } from './role-store.ts'
export { type ServiceSession, sessionForService } from './service-session.ts'
export { changePassword, checkNextPassword, checkPassword } from './sign-in.ts'
export { findUser, notePasswordUse, type User } from './user-store.ts'

/** Who there is, and what they may do: users, groups, roles, policies. Global: the same in every Region. */
export const iamCapability = capability({
  name: 'iam',
  url: import.meta.url,
  changeKinds: [{ kind: 'iam', read: 'iam:ListUsers', isGlobal: true }],
  migrations: {
    'iam-policies-0001': iamPolicies0001,
    'iam-roles-0002': iamRoles0002,
    'iam-users-0003': iamUsers0003,
    'iam-users-0004': iamUsers0004,
  },
  beginAccount,
  principals: principalDirectory,
  resources: iamResources,
  sealedColumns: [sealedAccessKeySecrets, sealedMfaSeeds],
})
