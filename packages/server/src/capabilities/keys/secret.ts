/** The secret of a key: how it is made, and how it rests in the database. */
import { createHash, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { DataKeyPairSpec, KeySpec, RotationType } from '@steward/model/generated/kms.ts'
import { SealBroken, type Vault } from '#kernel/vault.ts'
import { curveName } from './elliptic.ts'
import { keyUnavailable, unsupported } from './errors.ts'
import type { Key } from './key.ts'
import type { MaterialTable } from './tables.ts'

/** Under which words the vault seals the secret of a key's version. */
export function secretAad({ key_id, version }: Pick<MaterialTable, 'key_id' | 'version'>): string {
  return `kms-material:${key_id}:${version}`
}

export interface NewMaterial {
  readonly keyId: string
  readonly version: number
  readonly spec: KeySpec
  readonly now: Date
  readonly rotationType?: RotationType
}

/** A new secret for a version of a key, sealed. */
export async function newMaterial(vault: Vault, wanted: NewMaterial): Promise<MaterialTable> {
  const { secret, publicKey } = await newSecret(wanted.spec)
  const row = { key_id: wanted.keyId, version: wanted.version }
  const sealed = vault.seal(secret, secretAad(row))
  return {
    ...row,
    // Says nothing of the secret: it is taken of the sealed bytes.
    material_id: createHash('sha256').update(sealed).digest('hex'),
    sealed,
    public_key: publicKey ?? null,
    created_at: wanted.now.toISOString(),
    rotation_type: wanted.rotationType ?? null,
  }
}

/**
 * Secrets that were opened, by the very bytes that were read: as long as the database remembers a row, so long this does. Opening
 * one for each of thousands of reads of a second would take longer than the rest of them.
 */
const opened = new WeakMap<Uint8Array, Buffer>()

/** Throws `KeyUnavailableException` if the master key is not there. */
export function openSecret(vault: Vault, key: Key, version: number, sealed: Uint8Array): Buffer {
  const known = opened.get(sealed)
  if (known) return known
  try {
    const secret = vault.open(sealed, secretAad({ key_id: key.keyId, version }))
    opened.set(sealed, secret)
    return secret
  } catch (error) {
    if (error instanceof SealBroken) throw keyUnavailable(key.arn, error)
    throw error
  }
}

interface Secret {
  readonly secret: Uint8Array
  readonly publicKey?: Uint8Array
}

/** RSA takes a second at worst, not on this thread; all else is there at once. */
async function newSecret(spec: KeySpec): Promise<Secret> {
  const hmac = /^HMAC_(\d+)$/.exec(spec)
  if (hmac) return { secret: randomBytes(Number(hmac[1]) / 8) }
  return spec === 'SYMMETRIC_DEFAULT' ? { secret: randomBytes(32) } : newKeyPair(spec)
}

/** A pair as DER: PKCS #8 and SubjectPublicKeyInfo. */
export async function newKeyPair(spec: KeySpec | DataKeyPairSpec): Promise<Required<Secret>> {
  const namedCurve = curveName(spec)
  const rsa = /^RSA_(\d+)$/.exec(spec)
  if (spec === 'ECC_NIST_EDWARDS25519') return toDer(await pair('ed25519', {}))
  if (namedCurve) return toDer(await pair('ec', { namedCurve }))
  if (rsa) return toDer(await pair('rsa', { modulusLength: Number(rsa[1]) }))
  throw unsupported(`There are no key pairs of the spec ${spec} in Steward.`)
}

const pair: (type: string, options: object) => Promise<KeyPair> = promisify(generateKeyPair as never)

interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

function toDer({ privateKey, publicKey }: KeyPair): Required<Secret> {
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'der' }),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
  }
}
