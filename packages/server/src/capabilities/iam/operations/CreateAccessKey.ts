import { addAccessKey } from '../access-key-store.ts'
import { nameOrCaller } from '../caller.ts'
import { newEntityId } from '../entity.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustFindUser } from '../user-store.ts'

const SECRET_LENGTH = 40

/** The secret is shown this once. */
export const CreateAccessKey = iam.write('CreateAccessKey', {
  access: (input, call) => onHolder(call, 'iam:CreateAccessKey', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, nameOrCaller(call, input.UserName))
    const id = newEntityId(call.ids, 'access-key')
    const secret = call.ids.secret(SECRET_LENGTH)
    const key = await addAccessKey(call.db, call.vault, user, { id, secret, createdAt: call.now })
    const { status: Status, createdAt: CreateDate } = key
    return { AccessKey: { UserName: user.name, AccessKeyId: id, Status, SecretAccessKey: secret, CreateDate } }
  },
})
