/** Managed policies: AWS's own, which are data of ours, and those of the account. */
import type { Policy, Tag } from '@steward/model/generated/iam.ts'

export interface ManagedPolicy {
  readonly id: string
  readonly arn: string
  readonly name: string
  readonly path: string
  readonly description: string | undefined
  /** The number of `v3`. */
  readonly defaultVersion: number
  readonly createdAt: Date
  /** When the latest of its versions was made, whichever is in force. */
  readonly updatedAt: Date
  readonly tags: readonly Tag[]
}

export interface PolicyVersion {
  readonly number: number
  readonly document: string
  readonly createdAt: Date
}

/** How many holders have a policy as a grant, and how many as their boundary. */
export interface UsageCounts {
  readonly grants: number
  readonly boundaries: number
}

export const POLICY_VERSIONS = 5
export const POLICIES_PER_ACCOUNT = 1500

/** What is in the way of white space does not count towards the size of a policy. */
export const MANAGED_POLICY_SIZE = 6144

export function isAwsManaged(arn: string): boolean {
  return arn.startsWith('arn:aws:iam::aws:policy/')
}

export function versionId(number: number): string {
  return `v${number}`
}

/** Undefined if the text is no version id of ours. */
export function versionNumber(id: string): number | undefined {
  const digits = /^v([1-9]\d{0,8})$/.exec(id)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** How many characters of a document count. */
export function policySize(document: string): number {
  return document.replace(/\s/g, '').length
}

/**
 * Documents within answers are percent-encoded as RFC 3986 has it, so that they survive the XML; the AWS command line and the SDKs'
 * users decode them.
 */
export function encodedDocument(document: string): string {
  return encodeURIComponent(document).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** As the API shows it; lists leave out description and tags. */
export function toApiPolicy(policy: ManagedPolicy, counts: UsageCounts): Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: versionId(policy.defaultVersion),
    AttachmentCount: counts.grants,
    PermissionsBoundaryUsageCount: counts.boundaries,
    IsAttachable: true,
    CreateDate: policy.createdAt,
    UpdateDate: policy.updatedAt,
  }
}
