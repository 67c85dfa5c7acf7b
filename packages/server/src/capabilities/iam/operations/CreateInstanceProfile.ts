import { entityArn, newEntityId } from '../entity.ts'
import { creation, withTags } from '../entity-tags.ts'
import { iam } from '../iam.ts'
import { insertInstanceProfile, toApiInstanceProfiles } from '../instance-profile-store.ts'
import { shownTags } from '../policy-access.ts'

export const CreateInstanceProfile = iam.write('CreateInstanceProfile', {
  access({ InstanceProfileName, Path = '/', Tags }, { scope }) {
    const resources = [entityArn(scope.account, 'instance-profile', Path, InstanceProfileName)]
    return creation({ action: 'iam:CreateInstanceProfile', resources }, 'iam:TagInstanceProfile', Tags)
  },

  async handle({ InstanceProfileName, Path = '/', Tags }, { db, scope, now, ids }) {
    const profile = await insertInstanceProfile(db, {
      account: scope.account,
      id: newEntityId(ids, 'instance-profile'),
      name: InstanceProfileName,
      path: Path,
      createdAt: now,
      tags: withTags([], Tags),
    })
    const [shown] = await toApiInstanceProfiles(db, [profile])
    return { InstanceProfile: { ...shown!, ...shownTags(profile.tags) } }
  },
})
