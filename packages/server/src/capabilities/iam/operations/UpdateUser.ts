import { entityArn } from '../entity.ts'
import { iam } from '../iam.ts'
import { findUser, mustFindUser, renameUser } from '../user-store.ts'

/** Keys, groups and policies hang on the user's id, so they stay; policies of resources, which have the ARN, follow. */
export const UpdateUser = iam.write('UpdateUser', {
  /** The caller must be allowed to change what the user is and what it becomes. */
  async access(input, call) {
    const { account } = call.scope
    const { name, path } = (await findUser(call.db, account, input.UserName)) ?? { name: input.UserName, path: '/' }
    const before = entityArn(account, 'user', path, name)
    const after = entityArn(account, 'user', input.NewPath ?? path, input.NewUserName ?? name)
    return { action: 'iam:UpdateUser', resources: [...new Set([before, after])] }
  },

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, input.UserName)
    const renamed = await renameUser(call.db, user, input.NewUserName ?? user.name, input.NewPath ?? user.path)
    if (renamed.arn !== user.arn) await call.renamePrincipal(user.arn, renamed.arn)
    return {}
  },
})
