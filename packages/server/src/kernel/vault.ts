/**
 * Seals the secrets that rest in the database: with AES-256-GCM, under the installation's master key, which is not in the
 * database. An envelope names the master key that sealed it, so what an older key sealed opens for as long as that key is in
 * the ring. A key seals few things (secrets of keys, not data), far below the number at which random nonces may meet.
 *
 * Envelope: version (1 byte, now 1), id of the master key (8), nonce (12), tag (16), then the ciphertext. What stands before
 * the tag is authenticated together with `aad`.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

const VERSION = 1
const KEY_BYTES = 32
const ID_BYTES = 8
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES

export interface Vault {
  /** `aad` says whose secret it is, such as `access-key:AKIA…`: the same words are needed to open it. */
  seal(plain: Uint8Array, aad: string): Buffer
  /** Throws {@link SealBroken} if it was changed, is another's, or its master key is not here. */
  open(sealed: Uint8Array, aad: string): Buffer
  /** Whether the master key that it was sealed under is here. */
  hasKeyOf(sealed: Uint8Array): boolean
}

/** A master key under the name that its envelopes carry. The id follows from the key and says nothing about it. */
export interface MasterKey {
  /** 16 lower-case hexadecimal digits. */
  readonly id: string
  readonly secret: Uint8Array
}

/** What was sealed does not open. Its message has no secret in it. */
export class SealBroken extends Error {
  /** The master key that would open it; undefined when it is no envelope at all. */
  readonly masterKeyId: string | undefined

  constructor(message: string, masterKeyId?: string) {
    super(message)
    this.name = 'SealBroken'
    this.masterKeyId = masterKeyId
  }
}

/** Throws unless `secret` has 32 bytes. */
export function masterKey(secret: Uint8Array): MasterKey {
  if (secret.length !== KEY_BYTES) throw new Error(`A master key has ${KEY_BYTES} bytes, not ${secret.length}.`)
  const id = createHmac('sha256', secret).update('steward master key id').digest().subarray(0, ID_BYTES)
  return { id: id.toString('hex'), secret }
}

/** The master keys of an installation: one seals, all of them open. */
export class Keyring implements Vault {
  #current: MasterKey
  readonly #keys = new Map<string, MasterKey>()

  constructor(current: MasterKey, older: readonly MasterKey[] = []) {
    this.#current = current
    for (const key of [...older, current]) this.#keys.set(key.id, key)
  }

  /** Id of the key that seals. */
  get currentId(): string {
    return this.#current.id
  }

  get ids(): readonly string[] {
    return [...this.#keys.keys()]
  }

  /** All of them, the one that seals last. For another thread of this process. */
  get keys(): readonly MasterKey[] {
    return [...this.#keys.values()].filter(({ id }) => id !== this.currentId).concat(this.#current)
  }

  /** From now on `key` seals; the ones before still open. */
  renew(key: MasterKey): void {
    this.#keys.set(key.id, key)
    this.#current = key
  }

  /** Forgets a key that nothing is sealed under any more. */
  forget(id: string): void {
    if (id === this.#current.id) throw new Error('The master key that seals cannot be forgotten.')
    this.#keys.delete(id)
  }

  hasKeyOf(sealed: Uint8Array): boolean {
    return this.#keys.has(sealedUnder(sealed) ?? '')
  }

  seal(plain: Uint8Array, aad: string): Buffer {
    const { id, secret } = this.#current
    const head = Buffer.concat([Buffer.of(VERSION), Buffer.from(id, 'hex'), randomBytes(NONCE_BYTES)])
    const cipher = createCipheriv('aes-256-gcm', secret, head.subarray(1 + ID_BYTES))
    cipher.setAAD(Buffer.concat([head, Buffer.from(aad)]))
    const text = Buffer.concat([cipher.update(plain), cipher.final()])
    return Buffer.concat([head, cipher.getAuthTag(), text])
  }

  open(sealed: Uint8Array, aad: string): Buffer {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
    const id = sealedUnder(bytes)
    const key = id === undefined ? undefined : this.#keys.get(id)
    if (!key) throw new SealBroken(`The master key ${id ?? 'of this'} is not here.`, id)
    const decipher = createDecipheriv('aes-256-gcm', key.secret, bytes.subarray(1 + ID_BYTES, HEAD_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.concat([bytes.subarray(0, HEAD_BYTES), Buffer.from(aad)]))
    decipher.setAuthTag(bytes.subarray(HEAD_BYTES, HEAD_BYTES + TAG_BYTES))
    try {
      return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES + TAG_BYTES)), decipher.final()])
    } catch {
      throw new SealBroken('What was sealed was changed since, or belongs to something else.', id)
    }
  }
}

/** The id of the master key that an envelope names; undefined if it is none of ours. */
export function sealedUnder(sealed: Uint8Array): string | undefined {
  if (sealed.length < HEAD_BYTES + TAG_BYTES || sealed[0] !== VERSION) return undefined
  return Buffer.from(sealed.subarray(1, 1 + ID_BYTES)).toString('hex')
}
