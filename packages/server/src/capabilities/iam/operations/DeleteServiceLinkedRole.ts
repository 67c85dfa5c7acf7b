import { attachedPolicies, detach } from '../attachment-store.ts'
import { noSuchEntity } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustFindRole, noteDeletion, removeRole, wasDeletedBy } from '../role-store.ts'
import { serviceOf } from '../service-linked.ts'

/** Nothing of ours needs the role to be there, so it goes at once; what AWS does later has an id to ask after all the same. */
export const DeleteServiceLinkedRole = iam.write('DeleteServiceLinkedRole', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:DeleteServiceLinkedRole', 'role', RoleName),

  async handle({ RoleName }, { db, scope, now, ids, renamePrincipal }) {
    const role = await mustFindRole(db, scope.account, RoleName)
    const service = serviceOf(role.path)
    if (!service) throw noSuchEntity('service-linked role', RoleName)
    for (const arn of await attachedPolicies(db, role)) await detach(db, role, arn)
    await removeRole(db, role)
    await renamePrincipal(role.arn, role.id)
    const DeletionTaskId = `task${role.path}${role.name}/${ids.uuid()}`
    await noteDeletion(db, scope.account, DeletionTaskId, now)
    return { DeletionTaskId }
  },
})

export const GetServiceLinkedRoleDeletionStatus = iam.read('GetServiceLinkedRoleDeletionStatus', {
  access: ({ DeletionTaskId }, call) =>
    onHolder(call, 'iam:GetServiceLinkedRoleDeletionStatus', 'role', DeletionTaskId.split('/').at(-2) ?? '*'),

  async handle({ DeletionTaskId }, { db, scope }) {
    if (!(await wasDeletedBy(db, scope.account, DeletionTaskId))) throw noSuchEntity('deletion task', DeletionTaskId)
    return { Status: 'SUCCEEDED' as const }
  },
})
