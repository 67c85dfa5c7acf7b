import { ssm } from '#capabilities/ssm.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Call } from '#kernel/declare.ts'
import { lookUp } from '../look-up.ts'
import { isSecretReference, namedArn, type ParameterRef, parseReference } from '../name.ts'
import { type Found, toApiParameter } from '../parameter.ts'
import { decrypting, revealsSecret, versionsNamed } from '../read-access.ts'
import { readableValue } from '../secure-string.ts'
import { mustBeShared } from '../sharing.ts'

export const GetParameters = ssm.read('GetParameters', {
  access(input, call) {
    const access = { action: 'ssm:GetParameters', resources: input.Names.map((name) => namedArn(call.scope, name)) }
    return input.WithDecryption ? decrypting(call, access, () => versionsNamed(call, input.Names)) : access
  },

  recordedFirst: (input, { Parameters }) => revealsSecret(input, Parameters ?? []),

  /** What is not there is no error; repetitions are answered once, and in the order of names, not of the request (PS-09). */
  async handle(input, call) {
    const names = [...new Set(input.Names)].sort()
    const refs = names.map((name) => parseReference(call.scope, name))
    const found = await Promise.all(refs.map((ref) => find(call, ref)))
    const parameters = found.map(
      async (one) => one && toApiParameter(one, await readableValue(call, one.row, input.WithDecryption)),
    )
    return {
      Parameters: (await Promise.all(parameters)).filter((parameter) => parameter !== undefined).sort(byName),
      InvalidParameters: names.filter((_, index) => !found[index]),
    }
  },
})

async function find(call: Call, ref: ParameterRef): Promise<Found | undefined> {
  if (isSecretReference(ref.key)) return undefined
  try {
    await mustBeShared(call, ref, 'ssm:GetParameters')
    return await lookUp(call.db, ref)
  } catch (error) {
    const isMissing =
      error instanceof ApiError && ['ParameterNotFound', 'ParameterVersionNotFound'].includes(error.code)
    if (isMissing) return undefined
    throw error
  }
}

function byName(a: { Name?: string | undefined }, b: { Name?: string | undefined }): number {
  return a.Name! < b.Name! ? -1 : a.Name! > b.Name! ? 1 : 0
}
