import { hash, timingSafeEqual } from 'node:crypto'
import type { Activation as ApiActivation, RegistrationMetadataItem, Tag } from '@steward/model/generated/ssm.ts'
import type { Scope } from '#kernel/scope.ts'
import { activationExpired, activationUsedUp, invalidActivation, invalidParameters } from './errors.ts'

/** Leave to register machines as nodes. Only its count of registrations ever changes. */
export interface Activation {
  readonly scope: Scope
  readonly id: string
  readonly codeHash: string
  readonly description: string | undefined
  readonly defaultInstanceName: string | undefined
  readonly iamRole: string
  readonly registrationLimit: number
  readonly registrationsCount: number
  readonly expiresAt: Date
  readonly createdAt: Date
  /** Given to every node that registers with it. */
  readonly tags: readonly Tag[]
  /** Reserved by AWS: kept as it came. */
  readonly registrationMetadata: readonly RegistrationMetadataItem[]
}

export const CODE_LENGTH = 20
/** When an activation expires that never does. */
export const NEVER = new Date('9999-12-31T23:59:59.999Z')
const DAY_MS = 86_400_000
const LONGEST_LIFE_MS = 30 * DAY_MS
const TAGS_AT_MOST = 50

/** Until when an activation that is asked for now is good: 24 hours unless said, 30 days at most. */
export function expiryOf(asked: Date | undefined, now: Date): Date {
  if (!asked) return new Date(now.getTime() + DAY_MS)
  if (asked.getTime() <= now.getTime()) {
    throw invalidParameters('The expiration date of an activation must be in the future.')
  }
  if (asked.getTime() > now.getTime() + LONGEST_LIFE_MS) {
    throw invalidParameters('The expiration date of an activation must not be more than 30 days ahead.')
  }
  return asked
}

/** The tags that every node of the activation will get, each key once. */
export function tagsOfActivation(tags: readonly Tag[] = []): Tag[] {
  const reserved = tags.find(({ Key }) => Key.toLowerCase().startsWith('aws:'))
  if (reserved) throw invalidParameters(`The tag key ${reserved.Key} begins with aws:, which is reserved for AWS.`)
  const byKey = new Map(tags.map((tag) => [tag.Key, tag]))
  if (byKey.size > TAGS_AT_MOST) throw invalidParameters(`An activation can carry at most ${TAGS_AT_MOST} tags.`)
  return [...byKey.values()]
}

/** The code is kept as its SHA-256 only. It has 119 random bits, so a slow hash would protect nothing. */
export function hashOfCode(code: string): string {
  return hash('sha256', code)
}

/** Throws the error that the agent prints, unless `code` is this activation's and it is good for one node more. */
export function checkActivation(activation: Activation, code: string, now: Date): void {
  if (!isSame(hashOfCode(code), activation.codeHash)) throw invalidActivation()
  if (isExpired(activation, now)) throw activationExpired(activation.expiresAt)
  if (activation.registrationsCount >= activation.registrationLimit) {
    throw activationUsedUp(activation.registrationLimit)
  }
}

/** Takes a time that says nothing of how much of it was right. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one, 'hex'), Buffer.from(other, 'hex'))
}

function isExpired({ expiresAt }: Activation, now: Date): boolean {
  return expiresAt.getTime() <= now.getTime()
}

/** An activation as DescribeActivations shows it; its code is never shown again. */
export function toApiActivation(activation: Activation, now: Date): ApiActivation {
  return {
    ActivationId: activation.id,
    Description: activation.description,
    DefaultInstanceName: activation.defaultInstanceName,
    IamRole: activation.iamRole,
    RegistrationLimit: activation.registrationLimit,
    RegistrationsCount: activation.registrationsCount,
    ExpirationDate: activation.expiresAt < NEVER ? activation.expiresAt : undefined,
    Expired: isExpired(activation, now),
    CreatedDate: activation.createdAt,
    Tags: [...activation.tags],
  }
}
