/**
 * Objects that a service of this installation makes and deletes for an account that told it to. Within the account it may, unless the
 * bucket's policy denies it; in a bucket of another account the policy must allow it.
 */
import { evaluate } from '#iam/policy/evaluate.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { requestContext } from '#iam/policy/request-context.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { S3Body, S3Request } from '#kernel/declare.ts'
import { type Bucket, objectArn } from './bucket.ts'
import { mustFindBucket } from './bucket-store.ts'
import { type MakingCall, removableAt } from './content.ts'
import { removeObject } from './object-store.ts'
import { headerConditions, putBody } from './put.ts'

/** Who writes where. */
export interface ServiceObject {
  /** Such as `ssm.amazonaws.com`. */
  readonly service: string
  /** What of the service does it, for whose account: it becomes `aws:SourceArn`. */
  readonly sourceArn: string
  readonly bucket: string
  readonly key: string
}

/** Makes an object, in the place of the one that is there. `call.scope` is the account and the bucket's Region. Throws S3's errors. */
export async function putAsService(
  call: MakingCall,
  object: ServiceObject,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const request = requestOf(object, body, headers)
  const bucket = await call.read((db) => mustFindBucket(db, object.bucket))
  mustBeAllowed(call, bucket, object, 's3:PutObject', headerConditions(request))
  await putBody(request, call)
}

/** Harmless if there is none. Throws S3's errors. */
export async function deleteAsService(call: MakingCall, object: ServiceObject): Promise<void> {
  await call.write(async (tx) => {
    mustBeAllowed(call, await mustFindBucket(tx, object.bucket), object, 's3:DeleteObject', {})
    await removeObject(tx, object.bucket, object.key, removableAt(call.now))
  })
}

/** Whether the policy of the bucket allows it expressly. */
export function policyAllows(
  { scope }: Pick<MakingCall, 'scope'>,
  bucket: Bucket,
  object: ServiceObject,
  conditions: Readonly<Record<string, string>>,
): boolean {
  return verdict(scope.account, bucket, object, 's3:PutObject', conditions)?.allowed ?? false
}

function mustBeAllowed(
  { scope }: MakingCall,
  bucket: Bucket,
  object: ServiceObject,
  action: string,
  conditions: Readonly<Record<string, string>>,
): void {
  const said = verdict(scope.account, bucket, object, action, conditions)
  if (said?.allowed || (said?.why !== 'explicit' && bucket.account === scope.account)) return
  throw new ApiError('AccessDenied', `The policy of the bucket does not let ${object.service} do ${action}.`)
}

/** What the bucket's policy says; undefined if there is none. */
function verdict(
  account: string,
  { account: owner, settings, name }: Bucket,
  { service, sourceArn, bucket, key }: ServiceObject,
  action: string,
  conditions: Readonly<Record<string, string>>,
) {
  if (settings.policy === undefined) return undefined
  const asker = { account, own: [], behind: [], other: { kind: 'Service', name: service } } as const
  const context = requestContext(conditions, { 'aws:SourceAccount': account, 'aws:SourceArn': sourceArn })
  const policy = { name, source: 'resource' as const, policy: parsePolicy(settings.policy, 'resource') }
  const question = { asker, action, resource: objectArn(bucket, key), context }
  return evaluate(question, { identity: [], resource: { account: owner, policy } })
}

/** The request that a client would make. */
function requestOf({ bucket, key }: ServiceObject, body: Buffer, headers: Readonly<Record<string, string>>): S3Request {
  return {
    method: 'PUT',
    bucket,
    key,
    bucketUrl: `/${bucket}`,
    query: new URLSearchParams(),
    header: (name) => headers[name],
    headersUnder: () => ({}),
    body: bodyOf(body),
  }
}

function bodyOf(bytes: Buffer): S3Body {
  return {
    length: bytes.length,
    announces: () => false,
    trailers: new Map(),
    async *[Symbol.asyncIterator]() {
      yield bytes
    },
  }
}
