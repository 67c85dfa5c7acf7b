import { findAccessKey } from '#capabilities/iam/index.ts'
import type { Call } from '#kernel/declare.ts'
import { validationError } from '../errors.ts'
import { sts } from '../sts.ts'

export const GetAccessKeyInfo = sts.read('GetAccessKeyInfo', {
  access: () => ({ action: 'sts:GetAccessKeyInfo', resources: ['*'] }),

  async handle({ AccessKeyId }, call) {
    const account = await accountOf(AccessKeyId, call)
    if (account === undefined) throw validationError(`The access key ${AccessKeyId} is not known.`)
    return { Account: account }
  },
})

/** Nothing is kept of temporary credentials: of those, only the caller's own are known. */
async function accountOf(id: string, { principal, db }: Call): Promise<string | undefined> {
  if ('accessKeyId' in principal && principal.accessKeyId === id) return principal.account
  return (await findAccessKey(db, id))?.account
}
