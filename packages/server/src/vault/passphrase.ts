import { argon2Sync, randomBytes } from 'node:crypto'
import { type MasterKey, masterKey } from '#kernel/vault.ts'

/** How a master key follows from a passphrase; kept beside what it sealed, so that other settings may come. */
export interface Derivation {
  readonly algorithm: 'argon2id'
  /** Base64. */
  readonly salt: string
  readonly memoryKiB: number
  readonly passes: number
  readonly parallelism: number
}

/** About 0.2 s: more than the second recommended choice of RFC 9106 asks for. */
export function newDerivation(): Derivation {
  const salt = randomBytes(16).toString('base64')
  return { algorithm: 'argon2id', salt, memoryKiB: 65_536, passes: 3, parallelism: 4 }
}

export function deriveKey(
  passphrase: string,
  { algorithm, salt, memoryKiB, passes, parallelism }: Derivation,
): MasterKey {
  const secret = argon2Sync(algorithm, {
    message: passphrase.normalize('NFC'),
    nonce: Buffer.from(salt, 'base64'),
    parallelism,
    tagLength: 32,
    memory: memoryKiB,
    passes,
  })
  return masterKey(secret)
}
