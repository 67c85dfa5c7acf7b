import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { listInstanceProfiles, profileKey, toApiInstanceProfiles } from '../instance-profile-store.ts'
import { pageOf } from '../page.ts'
import { mustFindRole } from '../role-store.ts'

export const ListInstanceProfiles = iam.read('ListInstanceProfiles', {
  access: () => ({ action: 'iam:ListInstanceProfiles', resources: ['*'] }),

  async handle(input, call) {
    const profiles = await listInstanceProfiles(call.db, call.scope.account, { pathPrefix: input.PathPrefix })
    const { items, ...page } = pageOf(call, input, profiles, profileKey)
    return { InstanceProfiles: await toApiInstanceProfiles(call.db, items), ...page }
  },
})

export const ListInstanceProfilesForRole = iam.read('ListInstanceProfilesForRole', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:ListInstanceProfilesForRole', 'role', RoleName),

  async handle(input, call) {
    const role = await mustFindRole(call.db, call.scope.account, input.RoleName)
    const profiles = await listInstanceProfiles(call.db, call.scope.account, { roleId: role.id })
    const { items, ...page } = pageOf(call, input, profiles, profileKey)
    return { InstanceProfiles: await toApiInstanceProfiles(call.db, items), ...page }
  },
})
