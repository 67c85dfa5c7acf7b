import { iam } from '../iam.ts'
import { onInstanceProfile } from '../instance-profile-access.ts'
import { mustFindInstanceProfile, toApiInstanceProfiles } from '../instance-profile-store.ts'

export const GetInstanceProfile = iam.read('GetInstanceProfile', {
  access: ({ InstanceProfileName }, call) => onInstanceProfile(call, 'iam:GetInstanceProfile', InstanceProfileName),

  async handle({ InstanceProfileName }, { db, scope }) {
    const profile = await mustFindInstanceProfile(db, scope.account, InstanceProfileName)
    const [shown] = await toApiInstanceProfiles(db, [profile])
    return { InstanceProfile: { ...shown!, Tags: [...profile.tags] } }
  },
})
