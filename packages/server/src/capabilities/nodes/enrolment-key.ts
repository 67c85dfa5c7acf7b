/** Enrolment keys: activations that may be good for ever, for machines of certain places and names, or after approval (HYB-14). Pure. */
import type { CreateEnrolmentKeyRequest } from '@steward/model/generated/steward.ts'
import { isInRange, parseIp, parseIpRange } from '#iam/policy/ip-range.ts'
import { wildcardMatcher } from '#iam/policy/pattern.ts'
import { NEVER } from './activation.ts'
import { hostNameDoesNotFit, hostNameNotTold, invalidParameters, wrongPlace } from './errors.ts'

/** What a key demands of a machine beyond the code of its activation. */
export interface EnrolmentTerms {
  /** Empty: from everywhere. */
  readonly sourceRanges: readonly string[]
  readonly hostNamePattern: string | undefined
  readonly needsApproval: boolean
}

/** A machine that asks to be registered. What it says of its name is not proven. */
export interface Applicant {
  readonly fingerprint: string
  readonly sourceIp: string
  readonly hostName: string | undefined
}

/** In the name that a key gives: stands for the machine's host name. */
const HOST_NAME = '{hostname}'
const LONGEST_NAME = 256

export const KEY_LIMIT = 1000
const WAIT_AT_MOST = 1000

/** The terms that a key is asked for with. */
export function termsOf(input: CreateEnrolmentKeyRequest): EnrolmentTerms {
  const { SourceRanges = [], HostNamePattern, NeedsApproval = false, DefaultInstanceName = '' } = input
  const bad = SourceRanges.find((range) => !parseIpRange(range))
  if (bad !== undefined)
    throw invalidParameters(`${bad} is no range of addresses, such as 10.20.0.0/16, and no address.`)
  if (/[{}]/.test(DefaultInstanceName.replaceAll(HOST_NAME, ''))) {
    throw invalidParameters(`Braces in a DefaultInstanceName can only be those of ${HOST_NAME}.`)
  }
  return { sourceRanges: SourceRanges, hostNamePattern: HostNamePattern, needsApproval: NeedsApproval }
}

/** Until when a key is good: for ever unless said. */
export function expiryOfKey(asked: Date | undefined, now: Date): Date {
  if (asked && asked.getTime() <= now.getTime()) {
    throw invalidParameters('The expiration date of an enrolment key must be in the future.')
  }
  return asked && asked < NEVER ? asked : NEVER
}

/** Throws the error that the agent prints, unless the key is for machines like this one. */
export function checkApplicant(terms: EnrolmentTerms, { sourceIp, hostName }: Applicant): void {
  const { sourceRanges, hostNamePattern } = terms
  if (sourceRanges.length > 0 && !sourceRanges.some((range) => holds(range, sourceIp))) {
    throw wrongPlace(sourceIp, sourceRanges)
  }
  if (hostNamePattern === undefined) return
  if (!hostName) throw hostNameNotTold(hostNamePattern)
  if (!fits(hostNamePattern, hostName)) throw hostNameDoesNotFit(hostName, hostNamePattern)
}

/** How many machines may wait for a key at the same time: whoever has its code can ask as any number of machines. */
export function mayWait(registrationLimit: number): number {
  return Math.min(registrationLimit, WAIT_AT_MOST)
}

/** The name that the machine gets as a node. Without a host name, or with one that is none, what is built of it is left out. */
export function nameFor(template: string | undefined, hostName: string | undefined): string | undefined {
  if (!template?.includes(HOST_NAME)) return template
  if (!hostName || !/^[\w.-]+$/.test(hostName)) return undefined
  return template.replaceAll(HOST_NAME, hostName).slice(0, LONGEST_NAME)
}

function holds(range: string, sourceIp: string): boolean {
  const address = parseIp(sourceIp)
  return address !== undefined && isInRange(parseIpRange(range)!, address)
}

/** Host names know no case. */
function fits(pattern: string, hostName: string): boolean {
  return wildcardMatcher(pattern.toLowerCase(), false)(hostName.toLowerCase(), new Map())
}
