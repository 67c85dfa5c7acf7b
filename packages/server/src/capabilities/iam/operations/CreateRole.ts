import { setBoundary } from '../attachment-store.ts'
import { entityArn, newEntityId } from '../entity.ts'
import { creation, withTags } from '../entity-tags.ts'
import { invalidInput } from '../errors.ts'
import { iam } from '../iam.ts'
import { mustBeAttachable, underBoundary } from '../policy-access.ts'
import { checkedTrust, DEFAULT_SESSION_SECONDS, isServicePath, toApiBoundary, toNewRole } from '../role.ts'
import { insertRole } from '../role-store.ts'
import { trustedIds } from '../trust-principals.ts'

export const CreateRole = iam.write('CreateRole', {
  access({ RoleName, Path = '/', PermissionsBoundary, Tags }, { scope }) {
    const resources = [entityArn(scope.account, 'role', Path, RoleName)]
    return creation(
      { action: 'iam:CreateRole', resources, context: underBoundary(PermissionsBoundary) },
      'iam:TagRole',
      Tags,
    )
  },

  async handle(input, call) {
    const { Path = '/', PermissionsBoundary } = input
    const { db, now } = call
    const { account } = call.scope
    if (isServicePath(Path))
      throw invalidInput('Roles under /aws-service-role/ are made by CreateServiceLinkedRole only.')
    const ids = await trustedIds(db, account, checkedTrust(input.AssumeRolePolicyDocument))
    if (PermissionsBoundary) await mustBeAttachable(call, PermissionsBoundary)
    const role = await insertRole(db, {
      account,
      id: newEntityId(call.ids, 'role'),
      name: input.RoleName,
      path: Path,
      trust: input.AssumeRolePolicyDocument,
      trustedIds: ids,
      description: input.Description,
      maxSessionSeconds: input.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
      createdAt: now,
      tags: withTags([], input.Tags),
    })
    if (PermissionsBoundary) await setBoundary(db, account, 'role', role, PermissionsBoundary)
    return {
      Role: {
        ...toNewRole(role),
        PermissionsBoundary: toApiBoundary(PermissionsBoundary),
        Tags: role.tags.length > 0 ? [...role.tags] : undefined,
      },
    }
  },
})
