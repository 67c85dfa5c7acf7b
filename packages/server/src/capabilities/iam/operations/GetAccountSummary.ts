import type { SummaryKeyType } from '@steward/model/generated/iam.ts'
import type { Reader } from '#db/database.ts'
import { ACCESS_KEYS_PER_USER } from '../access-key-store.ts'
import { GROUPS_PER_ACCOUNT, GROUPS_PER_USER, listGroups } from '../group-store.ts'
import { iam } from '../iam.ts'
import { listInstanceProfiles } from '../instance-profile-store.ts'
import { listMfaDevices } from '../mfa-device-store.ts'
import { listProviders } from '../oidc-provider-store.ts'
import { MANAGED_POLICY_SIZE, POLICIES_PER_ACCOUNT, POLICY_VERSIONS } from '../policy.ts'
import { ownPolicies, policyVersions } from '../policy-store.ts'
import { ROLES_PER_ACCOUNT } from '../role.ts'
import { listRoles } from '../role-store.ts'
import { countUsers, USERS_PER_ACCOUNT } from '../user-store.ts'

/** What holds for every account; certificates and SAML there are none of. */
const QUOTAS = {
  UsersQuota: USERS_PER_ACCOUNT,
  GroupsQuota: GROUPS_PER_ACCOUNT,
  RolesQuota: ROLES_PER_ACCOUNT,
  InstanceProfilesQuota: 1000,
  PoliciesQuota: POLICIES_PER_ACCOUNT,
  PolicySizeQuota: MANAGED_POLICY_SIZE,
  PolicyVersionsInUseQuota: 10_000,
  VersionsPerPolicyQuota: POLICY_VERSIONS,
  UserPolicySizeQuota: 2048,
  GroupPolicySizeQuota: 5120,
  RolePolicySizeQuota: 10_240,
  AssumeRolePolicySizeQuota: 2048,
  AttachedPoliciesPerUserQuota: 10,
  AttachedPoliciesPerGroupQuota: 10,
  AttachedPoliciesPerRoleQuota: 10,
  GroupsPerUserQuota: GROUPS_PER_USER,
  AccessKeysPerUserQuota: ACCESS_KEYS_PER_USER,
  SigningCertificatesPerUserQuota: 2,
  ServerCertificates: 0,
  ServerCertificatesQuota: 20,
  AccountMFAEnabled: 0,
  AccountAccessKeysPresent: 1,
  AccountPasswordPresent: 0,
  AccountSigningCertificatesPresent: 0,
  GlobalEndpointTokenVersion: 1,
} satisfies Partial<Record<SummaryKeyType, number>>

export const GetAccountSummary = iam.read('GetAccountSummary', {
  access: () => ({ action: 'iam:GetAccountSummary', resources: ['*'] }),

  async handle(_input, { db, scope }) {
    return { SummaryMap: { ...QUOTAS, ...(await counts(db, scope.account)) } }
  },
})

async function counts(reader: Reader, account: string) {
  const devices = await listMfaDevices(reader, account)
  const policies = await ownPolicies(reader, account)
  const versions = await Promise.all(policies.map((policy) => policyVersions(reader, policy)))
  return {
    Users: await countUsers(reader, account),
    Groups: (await listGroups(reader, account)).length,
    Roles: (await listRoles(reader, account)).length,
    Policies: policies.length,
    PolicyVersionsInUse: versions.flat().length,
    InstanceProfiles: (await listInstanceProfiles(reader, account)).length,
    Providers: (await listProviders(reader, account)).length,
    MFADevices: devices.length,
    MFADevicesInUse: devices.filter(({ enabled }) => enabled).length,
  } satisfies Partial<Record<SummaryKeyType, number>>
}
