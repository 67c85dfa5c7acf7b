/**
 * What rests in log groups is sealed. Every group has a data key of its own, which rests sealed by the vault or, where the group was
 * given one, by a KMS key: with that key disabled, nothing can be read or written. When the KMS key changes, the group gets a new data
 * key; what was sealed under older ones opens as before.
 *
 * A sealed message: nonce (12 bytes), tag (16), ciphertext, with AES-256-GCM, bound to its stream and time.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { decryptBlob, encryptUnder, findKey, type Key } from '#capabilities/keys/index.ts'
import type { Reader, Tx } from '#db/database.ts'
import { evaluate } from '#iam/policy/evaluate.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { requestContext } from '#iam/policy/request-context.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Vault } from '#kernel/vault.ts'
import { keyNotUsable } from './errors.ts'
import { addKey, findKeyRow } from './group-store.ts'
import { groupArn } from './names.ts'
import type { LogEventRow, LogGroupRow } from './tables.ts'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** The part of a call that sealing needs. */
export interface SealingCall {
  readonly db: Reader
  readonly vault: Vault
}

/** Makes the data key of that number. Throws `AccessDeniedException` if the group's KMS key does not do it. */
export async function makeDataKey(
  call: SealingCall & { readonly db: Tx },
  group: Pick<LogGroupRow, 'id' | 'account' | 'region' | 'name' | 'kms_key' | 'key_number'>,
): Promise<void> {
  const plain = randomBytes(KEY_BYTES)
  const { id: group_id, key_number: number, kms_key } = group
  const row =
    kms_key === null
      ? { sealed: call.vault.seal(plain, dataKeyAad(group_id, number)), kms_blob: null }
      : { sealed: null, kms_blob: await underKms(call, group, kms_key, plain) }
  await addKey(call.db, { group_id, number, ...row })
}

export function dataKeyAad(groupId: number, number: number): string {
  return `log-group:${groupId}:${number}`
}

/**
 * The key that an identifier names, if Logs may use it for the group: its policy must say so, as AWS demands. Throws
 * `AccessDeniedException`.
 */
export async function keyForGroup(reader: Reader, scope: Scope, group: string, kmsKeyId: string): Promise<Key> {
  const key = await findKey(reader, scope, kmsKeyId).catch(() => undefined)
  if (!key || !USES.every((action) => letsLogs(key, action, scope, group))) throw keyNotUsable(groupArn(scope, group))
  return key
}

const USES = ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey']

function letsLogs(key: Key, action: string, scope: Scope, group: string): boolean {
  const name = `logs.${scope.region}.amazonaws.com`
  const { account } = key.scope
  const asker = { account, own: [], behind: [], other: { kind: 'Service', name } } as const
  const context = requestContext({
    'aws:SourceAccount': scope.account,
    'aws:SourceArn': groupArn(scope, group),
    'kms:EncryptionContext:aws:logs:arn': groupArn(scope, group),
    'kms:EncryptionContextKeys': ['aws:logs:arn'],
  })
  const policy = { name: 'default', source: 'resource' as const, policy: parsePolicy(key.policy, 'resource') }
  const policies = { identity: [], resource: { account, policy, policyDecides: true } }
  return evaluate({ asker, action, resource: key.arn, context }, policies).allowed
}

async function underKms(
  call: SealingCall,
  group: Pick<LogGroupRow, 'account' | 'region' | 'name'>,
  kmsKey: string,
  plain: Buffer,
): Promise<Buffer> {
  return ofKms(group, async () => {
    const key = await findKey(call.db, group, kmsKey)
    if (!key) throw keyNotUsable(groupArn(group, group.name))
    return encryptUnder({ ...call, scope: group }, key, plain, encryptionContext(group))
  })
}

function encryptionContext(group: Pick<LogGroupRow, 'account' | 'region' | 'name'>): Record<string, string> {
  return { 'aws:logs:arn': groupArn(group, group.name) }
}

/** Whatever KMS refuses, Logs calls by one name. */
async function ofKms<T>(group: Pick<LogGroupRow, 'account' | 'region' | 'name'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw keyNotUsable(groupArn(group, group.name), error)
  }
}

/** Seals and opens the messages of one group. Data keys are opened when they are first needed, and forgotten with this. */
export class Messages {
  readonly #call: SealingCall
  readonly #group: LogGroupRow
  readonly #keys = new Map<number, Promise<Buffer>>()

  constructor(call: SealingCall, group: LogGroupRow) {
    this.#call = call
    this.#group = group
  }

  async seal(message: string, { stream_id, at }: Pick<LogEventRow, 'stream_id' | 'at'>): Promise<Buffer> {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', await this.#key(this.#group.key_number), nonce)
    cipher.setAAD(Buffer.from(`${stream_id}:${at}`))
    const sealed = Buffer.concat([cipher.update(message, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  }

  async open({ stream_id, at, key_number, message }: LogEventRow): Promise<string> {
    const decipher = createDecipheriv('aes-256-gcm', await this.#key(key_number), message.subarray(0, NONCE_BYTES))
    decipher.setAuthTag(message.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    decipher.setAAD(Buffer.from(`${stream_id}:${at}`))
    const sealed = message.subarray(NONCE_BYTES + TAG_BYTES)
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString()
  }

  #key(number: number): Promise<Buffer> {
    const known = this.#keys.get(number) ?? this.#openKey(number)
    this.#keys.set(number, known)
    return known
  }

  async #openKey(number: number): Promise<Buffer> {
    const group = this.#group
    const { sealed, kms_blob } = await findKeyRow(this.#call.db, group.id, number)
    if (sealed) return this.#call.vault.open(sealed, dataKeyAad(group.id, number))
    const call = { ...this.#call, scope: group }
    return ofKms(group, async () => (await decryptBlob(call, kms_blob!, encryptionContext(group))).plain)
  }
}
