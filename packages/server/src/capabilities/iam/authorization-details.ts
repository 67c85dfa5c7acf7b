/** Users, groups, roles and policies with all that policies have to do with them, as `GetAccountAuthorizationDetails` shows them. */
import type {
  AttachedPolicy,
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  UserDetail,
} from '@steward/model/generated/iam.ts'
import type { Reader } from '#db/database.ts'
import { attachedPolicies, boundaryOf, inlinePolicies } from './attachment-store.ts'
import { type Group, groupsOf, toApiGroup } from './group-store.ts'
import type { Holder } from './holder.ts'
import { listInstanceProfiles, toApiInstanceProfiles } from './instance-profile-store.ts'
import { encodedDocument, type ManagedPolicy, toApiPolicy, type UsageCounts, versionId } from './policy.ts'
import { policyVersions } from './policy-store.ts'
import { type Role, toApiBoundary, toDetailedRole } from './role.ts'
import { toApiUser, type User } from './user-store.ts'

export async function userDetail(reader: Reader, user: User): Promise<UserDetail> {
  const { PasswordLastUsed: _signIn, ...shown } = toApiUser(user)
  return {
    ...shown,
    UserPolicyList: await inline(reader, user),
    GroupList: (await groupsOf(reader, user.id)).map(({ name }) => name),
    AttachedManagedPolicies: await attached(reader, user),
    PermissionsBoundary: toApiBoundary(await boundaryOf(reader, user)),
    Tags: [...user.tags],
  }
}

export async function groupDetail(reader: Reader, group: Group): Promise<GroupDetail> {
  return {
    ...toApiGroup(group),
    GroupPolicyList: await inline(reader, group),
    AttachedManagedPolicies: await attached(reader, group),
  }
}

export async function roleDetail(reader: Reader, role: Role): Promise<RoleDetail> {
  const {
    Description: _text,
    MaxSessionDuration: _life,
    ...shown
  } = toDetailedRole(role, await boundaryOf(reader, role))
  const profiles = await listInstanceProfiles(reader, role.account, { roleId: role.id })
  return {
    ...shown,
    InstanceProfileList: await toApiInstanceProfiles(reader, profiles),
    RolePolicyList: await inline(reader, role),
    AttachedManagedPolicies: await attached(reader, role),
    Tags: [...role.tags],
  }
}

/** With all of its versions. */
export async function policyDetail(
  reader: Reader,
  policy: ManagedPolicy,
  counts: UsageCounts,
): Promise<ManagedPolicyDetail> {
  const versions = await policyVersions(reader, policy)
  return {
    ...toApiPolicy(policy, counts),
    Description: policy.description,
    PolicyVersionList: versions.map(({ number, document, createdAt }) => ({
      Document: encodedDocument(document),
      VersionId: versionId(number),
      IsDefaultVersion: number === policy.defaultVersion,
      CreateDate: createdAt,
    })),
  }
}

async function inline(reader: Reader, holder: Holder): Promise<PolicyDetail[]> {
  const policies = await inlinePolicies(reader, holder)
  return policies.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: encodedDocument(document) }))
}

async function attached(reader: Reader, holder: Holder): Promise<AttachedPolicy[]> {
  const arns = await attachedPolicies(reader, holder)
  return arns.map((arn) => ({ PolicyName: arn.split('/').at(-1)!, PolicyArn: arn }))
}
