/** Keys of KMS, as pages read them. */
import {
  type AliasListEntry,
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type GetKeyRotationStatusCommandOutput,
  type KeyMetadata,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms'
import { kms } from '#api/clients/kms.ts'
import { isForbidden } from '#api/failure.ts'
import { allPages, useRead } from '#api/queries.ts'

const MOST = 1_000
/** So many keys are described at the same time. */
const AT_ONCE = 6

/** The page of a key: by its id, its ARN or an alias. */
export function keyPage(key: string): string {
  return `/keys/show?${new URLSearchParams({ key })}`
}

export interface ListedKey {
  readonly keyId: string
  readonly arn: string
  readonly aliases: readonly string[]
  /** Undefined: the caller may not know. */
  readonly metadata: KeyMetadata | undefined
  readonly rotation: RotationStatus | undefined
}

export type RotationStatus = Pick<
  GetKeyRotationStatusCommandOutput,
  'KeyRotationEnabled' | 'RotationPeriodInDays' | 'NextRotationDate'
>

/** All keys of the account and Region, with what the caller may know of each. */
export function useKeys() {
  return useRead('keys', ['list'], async (signal) => {
    const [keys, aliases] = await Promise.all([listKeys(signal), listAliases(signal).catch(() => [])])
    const listed: ListedKey[] = []
    for (let first = 0; first < keys.length; first += AT_ONCE) {
      const some = keys.slice(first, first + AT_ONCE)
      listed.push(...(await Promise.all(some.map((key) => listedKey(key, aliases, signal)))))
    }
    return listed
  })
}

/** Names of keys; without a target: the key is made when it is first used. */
export function useAliases() {
  return useRead('keys', ['aliases'], listAliases)
}

async function listKeys(abortSignal: AbortSignal) {
  return allPages(async (Marker) => {
    const page = await kms().send(new ListKeysCommand({ Limit: MOST, Marker }), { abortSignal })
    return { items: page.Keys ?? [], next: page.NextMarker }
  })
}

async function listAliases(abortSignal: AbortSignal): Promise<AliasListEntry[]> {
  return allPages(async (Marker) => {
    const page = await kms().send(new ListAliasesCommand({ Marker }), { abortSignal })
    return { items: page.Aliases ?? [], next: page.NextMarker }
  })
}

async function listedKey(
  { KeyId: keyId = '', KeyArn: arn = '' }: { KeyId?: string; KeyArn?: string },
  aliases: readonly AliasListEntry[],
  signal: AbortSignal,
): Promise<ListedKey> {
  const metadata = await unlessForbidden(describe(keyId, signal))
  const rotates = metadata?.KeySpec === 'SYMMETRIC_DEFAULT'
  return {
    keyId,
    arn,
    aliases: aliases.flatMap(({ AliasName = '', TargetKeyId }) => (TargetKeyId === keyId ? [AliasName] : [])),
    metadata,
    rotation: rotates ? await unlessForbidden(readRotation(keyId, signal)) : undefined,
  }
}

async function unlessForbidden<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (isForbidden(error)) return undefined
    throw error
  })
}

async function describe(KeyId: string, abortSignal: AbortSignal): Promise<KeyMetadata> {
  const { KeyMetadata } = await kms().send(new DescribeKeyCommand({ KeyId }), { abortSignal })
  return KeyMetadata!
}

async function readRotation(KeyId: string, abortSignal: AbortSignal): Promise<RotationStatus> {
  return kms().send(new GetKeyRotationStatusCommand({ KeyId }), { abortSignal })
}

/** One key, by its id, its ARN or an alias. */
export function useKey(key: string) {
  return useRead('keys', ['one', key], (signal) => describe(key, signal), { keepLast: false })
}

export function useAliasesOf(keyId: string) {
  return useRead('keys', ['aliases', keyId], async (abortSignal) => {
    const { Aliases = [] } = await kms().send(new ListAliasesCommand({ KeyId: keyId }), { abortSignal })
    return Aliases.map(({ AliasName = '' }) => AliasName)
  })
}

export interface Rotation {
  readonly status: RotationStatus
  readonly past: readonly { readonly at: Date | undefined; readonly type: string; readonly material: string }[]
}

export function useRotation(keyId: string) {
  return useRead('keys', ['rotation', keyId], async (signal): Promise<Rotation> => {
    const status = await readRotation(keyId, signal)
    const { Rotations = [] } = await kms().send(new ListKeyRotationsCommand({ KeyId: keyId }), { abortSignal: signal })
    const past = Rotations.map(({ RotationDate, RotationType = '', KeyMaterialId = '' }) => ({
      at: RotationDate,
      type: RotationType,
      material: KeyMaterialId,
    }))
    return { status, past: past.reverse() }
  })
}

export function useKeyPolicy(keyId: string) {
  return useRead('keys', ['policy', keyId], async (abortSignal) => {
    const { Policy = '' } = await kms().send(new GetKeyPolicyCommand({ KeyId: keyId }), { abortSignal })
    return formatted(Policy)
  })
}

function formatted(policy: string): string {
  return JSON.stringify(JSON.parse(policy), null, 2)
}

export function useGrants(keyId: string) {
  return useRead('keys', ['grants', keyId], async (abortSignal) =>
    allPages(async (Marker) => {
      const page = await kms().send(new ListGrantsCommand({ KeyId: keyId, Marker }), { abortSignal })
      return { items: page.Grants ?? [], next: page.NextMarker }
    }),
  )
}

export function useKeyTags(keyId: string) {
  return useRead('keys', ['tags', keyId], async (abortSignal) => {
    const { Tags = [] } = await kms().send(new ListResourceTagsCommand({ KeyId: keyId }), { abortSignal })
    return Tags.map(({ TagKey = '', TagValue = '' }) => ({ key: TagKey, value: TagValue }))
  })
}
