/** What a caller hands in to narrow down a session, and what of it there is room for. */
import { deflateRawSync } from 'node:zlib'
import { managedPolicyExists } from '#capabilities/iam/index.ts'
import type { Reader } from '#db/database.ts'
import { parseNewPolicy } from '#iam/policy/parse-policy.ts'
import type { SessionFacts } from '#kernel/principal.ts'
import { packedPolicyTooLarge, validationError } from './errors.ts'

const MANAGED_POLICIES = 10
const PLAIN_CHARACTERS = 2048
const PACKED_BYTES = 2048

export interface Narrowing {
  readonly Policy?: string | undefined
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined
}

/** Throws `MalformedPolicyDocument`, `PackedPolicyTooLarge`, `ValidationException`. Undefined members do not narrow. */
export async function sessionPolicies(
  reader: Reader,
  account: string,
  { Policy, PolicyArns = [] }: Narrowing,
): Promise<Pick<SessionFacts, 'policies' | 'policyArns'>> {
  if (Policy !== undefined) parseNewPolicy(Policy)
  const arns = PolicyArns.flatMap(({ arn }) => arn ?? [])
  if (arns.length > MANAGED_POLICIES) {
    throw validationError(`The number of session policies exceeds the limit of ${MANAGED_POLICIES}.`)
  }
  for (const arn of arns) {
    if (!(await managedPolicyExists(reader, account, arn))) {
      throw validationError(`Managed policy ${arn} does not exist or is not attachable.`)
    }
  }
  return { ...(Policy !== undefined && { policies: [Policy] }), ...(arns.length > 0 && { policyArns: arns }) }
}

/**
 * How much of the room for policies and tags they take, in percent; undefined if there are none. AWS does not publish how it
 * packs them: ours is their deflated size. Throws `PackedPolicyTooLarge`.
 */
export function packedSize({ policies = [], policyArns = [], tags = {} }: Partial<SessionFacts>): number | undefined {
  const pairs = Object.entries(tags).flat()
  if (policies.length + policyArns.length + pairs.length === 0) return undefined
  const plain = [...policies, ...policyArns].join('')
  const packed = deflateRawSync([plain, ...pairs].join('\n')).length
  const percent = Math.ceil((100 * packed) / PACKED_BYTES)
  const tooLong = Math.ceil((100 * plain.length) / PLAIN_CHARACTERS)
  if (percent > 100 || tooLong > 100) throw packedPolicyTooLarge(Math.max(percent, tooLong))
  return percent
}
