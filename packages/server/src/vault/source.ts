/** Where master keys come from: what the operator set, and the file of the data directory. */
import { existsSync, readFileSync } from 'node:fs'
import type { MasterKeySetting } from '#kernel/config.ts'
import type { DataDirectory } from '#kernel/data-directory.ts'
import type { MasterKey } from '#kernel/vault.ts'
import { newKey, parseKey, parseKeys, printKeys } from './key-file.ts'
import { type Derivation, deriveKey, newDerivation } from './passphrase.ts'

export const KEY_FILE = 'master.key'

/** A master key that was made to follow another, and what is kept of how it was made. */
export interface FollowingKey {
  readonly key: MasterKey
  readonly derivation?: Derivation
}

/** A master key as the database knows it. */
export interface KnownKey {
  readonly id: string
  readonly derivation: Derivation | undefined
}

export interface MasterKeySource {
  /** As a person would say it, such as `the environment variable STEWARD_MASTER_KEY`. */
  readonly name: string
  /** The keys that it has: the one to seal with, undefined if there is none yet, and others that may be needed to open. */
  keys(known: readonly KnownKey[]): { readonly current: MasterKey | undefined; readonly older: readonly MasterKey[] }
  /**
   * The key that follows the current one, or the first key if that is empty text; durable where it is the source's business. Throws a
   * sentence if the operator must act first.
   */
  follow(currentId: string): FollowingKey
  /** Forgets, for good, the keys that are none of these. */
  keepOnly(ids: readonly string[]): void
}

export function masterKeySource(setting: MasterKeySetting, data: DataDirectory): MasterKeySource {
  switch (setting.kind) {
    case 'data-directory':
      return new OwnFile(data)
    case 'file':
      return new GivenFile(setting.path)
    case 'environment':
      return new Environment(setting.keys)
    case 'passphrase':
      return new Passphrase(setting.passphrase, setting.previous)
  }
}

/** The keys of the data directory's file, whatever the source is now: another may have been set since. */
export function keysOfDataDirectory(data: DataDirectory): MasterKey[] {
  const text = data.read(KEY_FILE)
  return text === undefined ? [] : parseKeys(text, data.file(KEY_FILE))
}

/** `master.key` in the data directory, made by Steward. */
class OwnFile implements MasterKeySource {
  readonly #data: DataDirectory

  constructor(data: DataDirectory) {
    this.#data = data
  }

  get name(): string {
    return `the file ${this.#data.file(KEY_FILE)}`
  }

  keys() {
    return inOrder(keysOfDataDirectory(this.#data))
  }

  follow(): FollowingKey {
    const key = newKey()
    this.#data.write(KEY_FILE, printKeys([key, ...keysOfDataDirectory(this.#data)]))
    return { key }
  }

  keepOnly(ids: readonly string[]): void {
    const kept = keysOfDataDirectory(this.#data).filter(({ id }) => ids.includes(id))
    this.#data.write(KEY_FILE, printKeys(kept))
  }
}

/** A file of the operator's, such as a mounted secret; Steward only reads it. */
class GivenFile implements MasterKeySource {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  get name(): string {
    return `the file ${this.#path} (STEWARD_MASTER_KEY_FILE)`
  }

  keys() {
    const text = existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : ''
    return inOrder(text.trim() === '' ? [] : parseKeys(text, this.name))
  }

  follow(currentId: string): FollowingKey {
    const key = this.keys().current
    if (key && key.id !== currentId) return { key }
    if (currentId === '') {
      const how = `umask 077; openssl rand -base64 32 > ${this.#path}`
      throw new Error(`${this.name} ${existsSync(this.#path) ? 'is empty' : 'does not exist'}. To make it: ${how}`)
    }
    throw new Error(
      `Put a new key in front of the others in ${this.name}, as its first line (openssl rand -base64 32), then rotate.`,
    )
  }

  keepOnly(): void {}
}

class Environment implements MasterKeySource {
  readonly name = 'the environment variable STEWARD_MASTER_KEY'
  readonly #keys: readonly string[]

  constructor(keys: readonly string[]) {
    this.#keys = keys
  }

  keys() {
    return inOrder(this.#keys.map((text) => parseKey(text, this.name)))
  }

  follow(): FollowingKey {
    throw new Error(
      'The environment of a running server cannot be changed: start it again with STEWARD_MASTER_KEY=<new key>,<old key>, or use ' +
        'STEWARD_MASTER_KEY_FILE, which needs no restart.',
    )
  }

  keepOnly(): void {}
}

/** Each key has a salt of its own; the salts are in the database, so that only the passphrase is to be kept. */
class Passphrase implements MasterKeySource {
  readonly name = 'the passphrase in STEWARD_MASTER_PASSPHRASE'
  readonly #passphrase: string
  readonly #previous: string | undefined

  constructor(passphrase: string, previous: string | undefined) {
    this.#passphrase = passphrase
    this.#previous = previous
  }

  keys(known: readonly KnownKey[]) {
    const [current, ...older] = known.flatMap((key) => derived(this.#passphrase, key))
    const previous = this.#previous
    const before = previous === undefined ? [] : known.flatMap((key) => derived(previous, key))
    return { current, older: [...older, ...before] }
  }

  follow(): FollowingKey {
    const derivation = newDerivation()
    return { key: deriveKey(this.#passphrase, derivation), derivation }
  }

  keepOnly(): void {}
}

function inOrder([current, ...older]: readonly MasterKey[]): { current: MasterKey | undefined; older: MasterKey[] } {
  return { current, older }
}

/** The known key, if this passphrase gives it. */
function derived(passphrase: string, { id, derivation }: KnownKey): MasterKey[] {
  if (!derivation) return []
  const key = deriveKey(passphrase, derivation)
  return key.id === id ? [key] : []
}
