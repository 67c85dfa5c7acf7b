/** The secret of a key: how it is made, and how it rests in the database. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeySpec, RotationType } from '@steward/model/generated/kms.ts'
import { SealBroken, type Vault } from '#kernel/vault.ts'
import { keyUnavailable } from './errors.ts'
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

/** New secret bytes for a version of a key, sealed. */
export function newMaterial(vault: Vault, { keyId, version, spec, now, rotationType }: NewMaterial): MaterialTable {
  const { secret, publicKey } = newSecret(spec)
  const row = { key_id: keyId, version }
  const sealed = vault.seal(secret, secretAad(row))
  return {
    ...row,
    // Says nothing of the secret: it is taken of the sealed bytes.
    material_id: createHash('sha256').update(sealed).digest('hex'),
    sealed,
    public_key: publicKey ?? null,
    created_at: now.toISOString(),
    rotation_type: rotationType ?? null,
  }
}

/** Throws `KeyUnavailableException` if the master key is not there. */
export function openSecret(vault: Vault, key: Key, version: number, sealed: Uint8Array): Buffer {
  try {
    return vault.open(sealed, secretAad({ key_id: key.keyId, version }))
  } catch (error) {
    if (error instanceof SealBroken) throw keyUnavailable(key.arn, error)
    throw error
  }
}

interface Secret {
  readonly secret: Uint8Array
  readonly publicKey?: Uint8Array
}

function newSecret(spec: KeySpec): Secret {
  const hmac = /^HMAC_(\d+)$/.exec(spec)
  if (hmac) return { secret: randomBytes(Number(hmac[1]) / 8) }
  if (spec === 'SYMMETRIC_DEFAULT') return { secret: randomBytes(32) }
  return newKeyPair(spec)
}

const CURVES: Partial<Record<KeySpec, string>> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
}

/** A pair as DER: PKCS #8 and SubjectPublicKeyInfo. */
export function newKeyPair(spec: KeySpec): Required<Secret> {
  const namedCurve = CURVES[spec]
  const publicKeyEncoding = { type: 'spki', format: 'der' } as const
  const privateKeyEncoding = { type: 'pkcs8', format: 'der' } as const
  const { privateKey, publicKey } = namedCurve
    ? generateKeyPairSync('ec', { namedCurve, publicKeyEncoding, privateKeyEncoding })
    : generateKeyPairSync('rsa', {
        modulusLength: Number(spec.replace('RSA_', '')),
        publicKeyEncoding,
        privateKeyEncoding,
      })
  return { secret: privateKey, publicKey }
}
