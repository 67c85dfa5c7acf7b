import type { Call } from '#kernel/declare.ts'
import { nameOrCaller } from '../caller.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustFindUser } from '../user-store.ts'

// Users have no SSH keys, signing certificates and service-specific credentials here, since nothing can make them. Terraform and others
// that take a user apart ask for them all the same.

export const ListSSHPublicKeys = iam.read('ListSSHPublicKeys', {
  access: (input, call) => onHolder(call, 'iam:ListSSHPublicKeys', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    await userMustExist(call, input.UserName)
    return { SSHPublicKeys: [], IsTruncated: false }
  },
})

export const ListSigningCertificates = iam.read('ListSigningCertificates', {
  access: (input, call) => onHolder(call, 'iam:ListSigningCertificates', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    await userMustExist(call, input.UserName)
    return { Certificates: [], IsTruncated: false }
  },
})

export const ListServiceSpecificCredentials = iam.read('ListServiceSpecificCredentials', {
  access: (input, call) =>
    onHolder(call, 'iam:ListServiceSpecificCredentials', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    await userMustExist(call, input.UserName)
    return { ServiceSpecificCredentials: [] }
  },
})

async function userMustExist(call: Call, name: string | undefined): Promise<void> {
  await mustFindUser(call.db, call.scope.account, nameOrCaller(call, name))
}
