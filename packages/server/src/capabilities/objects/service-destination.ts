/**
 * Where a service of this installation writes files for somebody who told it to: a bucket of this installation, or one of the service that
 * its operator named. Whoever tells it must be allowed what it will do.
 */
import { findKey, keyAccess } from '#capabilities/keys/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Call, TaskContext } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { objectArn } from './bucket.ts'
import { findBucket } from './bucket-store.ts'
import { deleteAsService, policyAllows, putAsService } from './service-object.ts'

export interface ServiceDestination {
  /** Such as `ssm.amazonaws.com`. */
  readonly service: string
  /** What of the service writes, for whose account: it becomes `aws:SourceArn`. */
  readonly sourceArn: string
  readonly bucket: string
  readonly region: string
  /** The key that encrypts what is written; undefined: the bucket's way. */
  readonly kmsKey: string | undefined
}

/** The conditions under which every object is put, as headers. */
function objectHeaders({ kmsKey }: ServiceDestination): Record<string, string> {
  return {
    'x-amz-acl': 'bucket-owner-full-control',
    ...(kmsKey && {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': kmsKey,
    }),
  }
}

/**
 * What whoever names a destination must be allowed: to write all objects that `keys` means, unless the bucket's policy lets the service
 * write one such as `example`, and to use the key that encrypts them.
 */
export async function destinationDemands(
  call: Call,
  destination: ServiceDestination,
  { keys, example }: { readonly keys: string; readonly example: string },
): Promise<Access[]> {
  const { bucket, kmsKey, region } = destination
  const demands: Access[] = []
  const own = await findBucket(call.db, bucket)
  const conditions = Object.fromEntries(
    Object.entries(objectHeaders(destination)).map(([name, value]) => [`s3:${name}`, value]),
  )
  if (!own || !policyAllows(call, own, { ...destination, key: example }, conditions))
    demands.push({ action: 's3:PutObject', resources: [objectArn(bucket, keys)], context: conditions })
  const key = own && (await keyNamed(call, region, kmsKey))
  const use = { viaService: 's3', callerAccount: call.principal.account }
  if (key) demands.push(await keyAccess(call.db, key, 'kms:GenerateDataKey', use))
  return demands
}

/** Why nothing could be written there, as a sentence; undefined if it can. */
export async function destinationFault(
  call: Call,
  { bucket: name, region, kmsKey }: ServiceDestination,
): Promise<string | undefined> {
  const bucket = await findBucket(call.db, name)
  if (!bucket) return call.features.remoteBuckets ? undefined : 'The specified bucket does not exist'
  if (bucket.region !== region) return `It is in the Region ${bucket.region}.`
  if (kmsKey && !(await keyNamed(call, region, kmsKey)))
    return `The key ${kmsKey} does not exist in the bucket's Region.`
  return undefined
}

/** Undefined if there is none in the Region, whatever the text says. */
async function keyNamed({ db, scope }: Pick<Call, 'db' | 'scope'>, region: string, text: string | undefined) {
  try {
    return text === undefined ? undefined : await findKey(db, { ...scope, region }, text)
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}

export interface OpenDestination {
  /** Another one for a bucket that was deleted and made again. */
  readonly identity: string
  put(key: string, body: Buffer, contentType: string): Promise<void>
  /** Harmless if it is not there. */
  remove(key: string): Promise<void>
}

/** Throws `NoSuchBucket`; what it opens throws S3's errors, and `DeliveryFailed`. */
export async function openDestination(
  context: TaskContext,
  { account }: Pick<Scope, 'account'>,
  destination: ServiceDestination,
): Promise<OpenDestination> {
  const { bucket, region } = destination
  const headers = (contentType: string) => ({ 'content-type': contentType, ...objectHeaders(destination) })
  const own = await context.read((db) => findBucket(db, bucket))
  if (own) {
    const { ids, vault, read, write, contentFolder } = context
    const scope = { account, region: own.region }
    const call = () => ({ scope, now: context.now(), ids, vault, read, write, contentFolder })
    return {
      identity: `${bucket} of ${own.createdAt}`,
      put: (key, body, type) => putAsService(call(), { ...destination, key }, body, headers(type)),
      remove: (key) => deleteAsService(call(), { ...destination, key }),
    }
  }
  const { remoteBuckets: remote, signal } = context
  if (!remote) throw new ApiError('NoSuchBucket', 'The specified bucket does not exist')
  return {
    identity: `${bucket} at ${remote.url}`,
    put: (key, body, type) => remote.put({ bucket, region, key }, body, headers(type), signal),
    remove: (key) => remote.remove({ bucket, region, key }, signal),
  }
}
