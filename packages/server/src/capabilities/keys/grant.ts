import type {
  CreateGrantRequest,
  GrantConstraints,
  GrantListEntry,
  GrantOperation,
  KeyUsageType,
} from '@steward/model/generated/kms.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalid, invalidPrincipal } from './errors.ts'
import { type Key, keyArn } from './key.ts'
import type { GrantTable } from './tables.ts'

/** A permission to use one key, given to a principal beside all policies. */
export interface Grant {
  readonly grantId: string
  readonly keyId: string
  readonly scope: Scope
  readonly token: string
  readonly name: string
  /** An ARN or a service, or the id of a user or role that was deleted. */
  readonly grantee: string
  readonly retiring: string | undefined
  readonly issuingAccount: string
  readonly operations: readonly GrantOperation[]
  readonly constraints: GrantConstraints
  readonly createdAt: Date
}

export function toGrant(row: GrantTable): Grant {
  return {
    grantId: row.grant_id,
    keyId: row.key_id,
    scope: { account: row.account, region: row.region },
    token: row.token,
    name: row.name,
    grantee: row.grantee,
    retiring: row.retiring ?? undefined,
    issuingAccount: row.issuing_account,
    operations: JSON.parse(row.operations),
    constraints: JSON.parse(row.constraints),
    createdAt: new Date(row.created_at),
  }
}

export function toGrantEntry(grant: Grant): GrantListEntry {
  return {
    KeyId: keyArn(grant.scope, grant.keyId),
    GrantId: grant.grantId,
    Name: grant.name,
    CreationDate: grant.createdAt,
    GranteePrincipal: grant.grantee,
    RetiringPrincipal: grant.retiring,
    IssuingAccount: `arn:aws:iam::${grant.issuingAccount}:root`,
    Operations: [...grant.operations],
    Constraints: Object.keys(grant.constraints).length > 0 ? grant.constraints : undefined,
  }
}

/** Whether two grants say the same, so that a repeated request makes no second one. */
export function saysTheSame(a: Grant, b: Grant): boolean {
  return wording(a) === wording(b)
}

function wording({ keyId, name, grantee, retiring, operations, constraints }: Grant): string {
  return JSON.stringify([keyId, name, grantee, retiring, [...operations].sort(), constraintText(constraints)])
}

const PRINCIPAL =
  /^(?:arn:aws[a-z-]*:(?:iam|sts)::\d{12}:(?:root|(?:user|role|assumed-role|federated-user)\/.+)|[a-z0-9.-]+\.amazonaws\.com)$/

const FOR_ENCRYPTION: readonly GrantOperation[] = [
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
]
const FOR_KEY_PAIRS: Partial<Record<KeyUsageType, readonly GrantOperation[]>> = {
  ENCRYPT_DECRYPT: ['Decrypt', 'Encrypt', 'GetPublicKey', 'ReEncryptFrom', 'ReEncryptTo'],
  SIGN_VERIFY: ['GetPublicKey', 'Sign', 'Verify'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey'],
}
const FOR_ALL: readonly GrantOperation[] = ['CreateGrant', 'DescribeKey', 'RetireGrant']

/** What a grant for a key of this kind may allow. */
function possibleFor({ spec, usage }: Pick<Key, 'spec' | 'usage'>): readonly GrantOperation[] {
  if (spec === 'SYMMETRIC_DEFAULT') return [...FOR_ENCRYPTION, ...FOR_ALL]
  if (usage === 'GENERATE_VERIFY_MAC') return ['GenerateMac', 'VerifyMac', ...FOR_ALL]
  return [...(FOR_KEY_PAIRS[usage] ?? []), ...FOR_ALL]
}

/** Throws `InvalidArnException` for who cannot be a principal, `ValidationException` for what the key cannot do. */
export function checkGrant({ grantee, retiring, operations, constraints }: Grant, key: Key): void {
  for (const principal of [grantee, ...(retiring ? [retiring] : [])])
    if (!PRINCIPAL.test(principal)) throw invalidPrincipal(principal)
  const possible = possibleFor(key)
  const impossible = operations.find((operation) => !possible.includes(operation))
  if (impossible) throw invalid(`A grant cannot allow ${impossible} with a key of the spec ${key.spec}.`)
  const { EncryptionContextEquals, EncryptionContextSubset } = constraints
  if (EncryptionContextEquals && EncryptionContextSubset)
    throw invalid('A grant has either EncryptionContextEquals or EncryptionContextSubset, not both.')
  if (Object.keys(constraints).length > 0 && key.spec !== 'SYMMETRIC_DEFAULT')
    throw invalid('Only grants for symmetric encryption keys have constraints.')
}

/** Of two constraints an empty one says nothing: Terraform sends it along with the one that is meant. */
export function statedConstraints(constraints: GrantConstraints = {}): GrantConstraints {
  const stated = Object.entries(constraints).filter(([, pairs]) => Object.keys(pairs).length > 0)
  return stated.length > 0 ? Object.fromEntries(stated) : constraints
}

/** What a request for a grant is, to conditions. */
export function grantConditions(input: CreateGrantRequest): Record<string, string | string[]> {
  const { GranteePrincipal, RetiringPrincipal, Operations } = input
  const constraints = statedConstraints(input.Constraints)
  const [type] = Object.keys(constraints)
  return {
    ...FOR_PEOPLE,
    'kms:GranteePrincipal': GranteePrincipal,
    'kms:GrantOperations': Operations,
    [CONSTRAINTS]: constraintText(constraints),
    ...demandedPairs(constraints),
    ...(RetiringPrincipal ? { 'kms:RetiringPrincipal': RetiringPrincipal } : {}),
    ...(type ? { 'kms:GrantConstraintType': type } : {}),
  }
}

/** Who asks about grants is never a service that wants them for a resource of its own: those here need none. */
export const FOR_PEOPLE = { 'kms:GrantIsForAWSResource': 'false' } as const

/** Condition keys of ours: which grant a request is about, and how narrow one is that it wants, as a whole and pair by pair. */
export const GRANT_ID = 'kms:GrantId'
const CONSTRAINTS = 'kms:GrantConstraints'

function constraintText(constraints: GrantConstraints): string {
  const sorted = (pairs: object = {}) => Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(sorted(constraints).map(([type, pairs]) => [type, sorted(pairs as object)]))
}

/**
 * What the grant says as statements of a key policy. The grantee may, with the encryption contexts that it is bound to; it may give
 * away no more than it has. The retiring principal may retire this grant and no other.
 */
export function statementsOf({ grantId, grantee, retiring, operations, constraints }: Grant): object[] {
  const statement = (principal: string, actions: readonly string[], condition: object) => ({
    Effect: 'Allow',
    Principal: /^(?:arn:|A(?:IDA|ROA))/.test(principal) ? { AWS: principal } : { Service: principal },
    Action: actions.map((action) => `kms:${action}`),
    Resource: '*',
    Condition: condition,
  })
  const thisOne = { StringEquals: { [GRANT_ID]: grantId } }
  const noMore = {
    'ForAllValues:StringEquals': { 'kms:GrantOperations': operations },
    ...noWiderThan(constraints),
  }
  const bound = operations.filter((operation) => !FREE_OF_CONTEXT.has(operation))
  const free = operations.filter((operation) => operation === 'DescribeKey' || operation === 'GetPublicKey')
  const has = (operation: GrantOperation) => operations.includes(operation)
  return [
    ...(bound.length > 0 ? [statement(grantee, bound, contextCondition(constraints))] : []),
    ...(free.length > 0 ? [statement(grantee, free, {})] : []),
    ...(has('CreateGrant') ? [statement(grantee, ['CreateGrant'], noMore)] : []),
    ...(has('RetireGrant') ? [statement(grantee, ['RetireGrant'], thisOne)] : []),
    ...(retiring ? [statement(retiring, ['RetireGrant'], thisOne)] : []),
  ]
}

/** Operations that have no encryption context, so that constraints do not apply to them. */
const FREE_OF_CONTEXT: ReadonlySet<GrantOperation> = new Set([
  'CreateGrant',
  'DescribeKey',
  'GetPublicKey',
  'RetireGrant',
])

/** What a grant must be like that the grantee of one with these constraints gives away: as strict as that one, or stricter. */
function noWiderThan(constraints: GrantConstraints): object {
  const exact = constraints.EncryptionContextEquals ? { [CONSTRAINTS]: constraintText(constraints) } : {}
  const wanted = { ...exact, ...demandedPairs(constraints) }
  return Object.keys(wanted).length > 0 ? { StringEquals: wanted } : {}
}

/** The pairs that every encryption context has under these constraints, each as a condition key. */
function demandedPairs({ EncryptionContextEquals, EncryptionContextSubset }: GrantConstraints): Record<string, string> {
  const pairs = Object.entries(EncryptionContextEquals ?? EncryptionContextSubset ?? {})
  return Object.fromEntries(pairs.map(([key, value]) => [`${CONSTRAINTS}:${key}`, value]))
}

function contextCondition({ EncryptionContextSubset, EncryptionContextEquals }: GrantConstraints): object {
  const wanted = EncryptionContextEquals ?? EncryptionContextSubset ?? {}
  const pairs = Object.entries(wanted).map(([key, value]) => [`kms:EncryptionContext:${key}`, value])
  const equals = pairs.length > 0 ? { StringEquals: Object.fromEntries(pairs) } : {}
  if (!EncryptionContextEquals) return equals
  // A context without the pairs fails the first test, one with more of them the second.
  return pairs.length > 0
    ? { ...equals, 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': Object.keys(wanted) } }
    : { Null: { 'kms:EncryptionContextKeys': 'true' } }
}
