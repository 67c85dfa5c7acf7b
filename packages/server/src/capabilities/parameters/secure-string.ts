/**
 * SecureStrings rest as ciphertext blobs of a KMS key, with the parameter's ARN as encryption context: a blob copied to another
 * parameter does not open. Nothing decrypted is kept, so a key that is disabled stops the next read.
 */
import {
  decryptBlob,
  encryptUnder,
  findKey,
  type Key,
  keyAccess,
  keyOfBlob,
  managedKey,
} from '#capabilities/keys/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Call, WriteCall } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { parameterArn } from './name.ts'
import type { ShownVersion } from './tables.ts'

/** The key that the account has for this without asking for one. */
export const DEFAULT_KEY = 'alias/aws/ssm'

/** The text in which a value rests. Throws `InvalidKeyId`. */
export async function encrypted(call: WriteCall, key: string, keyId: string, plain: string): Promise<string> {
  return ofKeys(call, async () => {
    const kmsKey = keyId === DEFAULT_KEY ? await managedKey(call, 'ssm') : await findKey(call.db, call.scope, keyId)
    if (!kmsKey) throw new ApiError('NotFoundException', `Invalid keyId ${keyId}`)
    return (await encryptUnder(call, kmsKey, Buffer.from(plain), context(call.scope, key))).toString('base64')
  })
}

/** The value as a caller wants it: what is no SecureString is as it is. Throws `InvalidKeyId`. */
export async function readableValue(
  call: Pick<Call, 'db' | 'vault' | 'scope' | 'principal' | 'requestId'>,
  row: ShownVersion,
  decrypt: boolean | undefined,
): Promise<string> {
  if (row.type !== 'SecureString' || !decrypt) return row.value
  const scope = { account: row.account, region: row.region }
  // Users and roles were asked for their permission; who speaks for a whole account has none for the key of another.
  if (scope.account !== call.scope.account && ['root', 'node'].includes(call.principal.kind)) throw keyOfOther()
  return ofKeys(call, async () => {
    const { plain } = await decryptBlob({ ...call, scope }, Buffer.from(row.value, 'base64'), context(scope, row.key))
    return plain.toString()
  })
}

/** As {@link readableValue}, of many. */
export async function readableValues(
  call: Call,
  rows: readonly ShownVersion[],
  decrypt: boolean | undefined,
): Promise<string[]> {
  if (!decrypt) return rows.map(({ value }) => value)
  return Promise.all(rows.map((row) => readableValue(call, row, decrypt)))
}

/**
 * What a caller must be allowed to do with the key to encrypt a parameter under it: for one of the Advanced tier `kms:GenerateDataKey`
 * too, as the User Guide says (sysman-paramstore-access). None when there is no such key.
 */
export async function encryptAccess(call: Call, key: string, keyId: string, isAdvanced: boolean): Promise<Access[]> {
  const found = await findKey(call.db, call.scope, keyId).catch(() => undefined)
  const actions = isAdvanced ? ['kms:Encrypt', 'kms:GenerateDataKey'] : ['kms:Encrypt']
  return found ? Promise.all(actions.map((action) => useOf(call, found, action, call.scope, key))) : []
}

/** What a caller must be allowed to do with keys to see these versions decrypted: once for each of them. */
export async function decryptAccess(call: Call, rows: readonly ShownVersion[]): Promise<Access[]> {
  const secure = rows.filter(({ type }) => type === 'SecureString')
  const found = secure.map(async (row) => {
    const key = await keyOfBlob({ db: call.db, scope: row }, Buffer.from(row.value, 'base64'))
    return key ? [await useOf(call, key, 'kms:Decrypt', row, row.key)] : []
  })
  return (await Promise.all(found)).flat()
}

function useOf(call: Call, kmsKey: Key, action: string, scope: Scope, key: string): Promise<Access> {
  return keyAccess(call.db, kmsKey, action, {
    encryptionContext: context(scope, key),
    viaService: 'ssm',
    callerAccount: call.scope.account,
  })
}

function context(scope: Scope, key: string): { PARAMETER_ARN: string } {
  return { PARAMETER_ARN: parameterArn(scope, key) }
}

/** Ours. */
function keyOfOther(): ApiError {
  return new ApiError('InvalidKeyId', 'The parameter is encrypted under a key that is not shared with this account.')
}

/** What KMS refuses, Parameter Store passes on as `InvalidKeyId`, in these words. A database that is away is no matter of the key. */
async function ofKeys<T>({ requestId }: { readonly requestId: string }, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'ServiceUnavailable') throw error
    throw new ApiError(
      'InvalidKeyId',
      `${error.message} (Service: AWSKMS; Status Code: 400; Error Code: ${error.code}; Request ID: ${requestId})`,
      { cause: error },
    )
  }
}
