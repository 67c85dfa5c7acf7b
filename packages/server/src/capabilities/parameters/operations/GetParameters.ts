import type { Parameter } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { ReadCall } from '#kernel/declare.ts'
import { lookUp } from '../look-up.ts'
import { namedArn, type ParameterRef, parseReference } from '../name.ts'
import { toApiParameter } from '../parameter.ts'
import { decrypting, revealsSecret, versionsNamed } from '../read-access.ts'
import { namesSecret, parseSecretReference, secretAccess, secretParameter } from '../secret-reference.ts'
import { readableValue } from '../secure-string.ts'
import { mustBeShared } from '../sharing.ts'

/** What a single read refuses so, one of several is only listed for: a parameter, and a secret. */
const MISSING = ['ParameterNotFound', 'ParameterVersionNotFound']
const NOT_GIVEN = ['ParameterNotFound', 'ValidationException']

export const GetParameters = ssm.read('GetParameters', {
  access(input, call) {
    const access = { action: 'ssm:GetParameters', resources: input.Names.map((name) => namedArn(call.scope, name)) }
    if (!input.WithDecryption) return access
    return [decrypting(call, access, () => versionsNamed(call, input.Names)), ...secretAccess(call, input.Names)]
  },

  recordedFirst: (input, { Parameters }) => revealsSecret(input, Parameters ?? []),

  /** What is not there is no error; repetitions are answered once, and in the order of names, not of the request (PS-09). */
  async handle(input, call) {
    const names = [...new Set(input.Names)].sort()
    const found = await Promise.all(names.map((name) => find(call, name, input.WithDecryption)))
    return {
      Parameters: found.filter((parameter) => parameter !== undefined).sort(byName),
      InvalidParameters: names.filter((_, index) => !found[index]),
    }
  },
})

async function find(call: ReadCall, name: string, decrypt: boolean | undefined): Promise<Parameter | undefined> {
  const isSecret = namesSecret(name)
  try {
    return isSecret
      ? await secretParameter(call, parseSecretReference(call.scope, name), decrypt)
      : await parameterOf(call, parseReference(call.scope, name), decrypt)
  } catch (error) {
    if (error instanceof ApiError && (isSecret ? NOT_GIVEN : MISSING).includes(error.code)) return undefined
    throw error
  }
}

async function parameterOf(call: ReadCall, ref: ParameterRef, decrypt: boolean | undefined): Promise<Parameter> {
  await mustBeShared(call, ref, 'ssm:GetParameters')
  const found = await lookUp(call, ref)
  return toApiParameter(found, await readableValue(call, found.row, decrypt))
}

function byName(a: Parameter, b: Parameter): number {
  return a.Name! < b.Name! ? -1 : a.Name! > b.Name! ? 1 : 0
}
