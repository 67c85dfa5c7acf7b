import { capability } from '#kernel/declare.ts'
import { iamPolicies0001 } from './migrations/0001-policies.ts'
import { iamRoles0002 } from './migrations/0002-roles.ts'

/** Who there is, and what they may do: users, groups, roles, policies. Global: the same in every Region. */
export const iamCapability = capability({
  name: 'iam',
  url: import.meta.url,
  migrations: { 'iam-policies-0001': iamPolicies0001, 'iam-roles-0002': iamRoles0002 },
})
