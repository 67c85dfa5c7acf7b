/** GetBucketPolicy, PutBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus. */
import { checkPrincipals } from '#capabilities/iam/index.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { ApiError } from '#kernel/api-error.ts'
import { s3 } from '#kernel/declare.ts'
import type { ParsedPolicy } from '#kernel/policy.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { bucketArn, XML_NAMESPACE } from '../bucket.ts'
import { configureBucket, mustFindBucket } from '../bucket-store.ts'
import { textOf } from '../xml-body.ts'

const LIMIT = 20 * 1024

export const GetBucketPolicy = s3('GetBucketPolicy', 'GET bucket?policy', {
  access: ({ bucket }) => ({ action: 's3:GetBucketPolicy', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    const { policy } = (await call.read((db) => mustFindBucket(db, bucket))).settings
    if (policy === undefined) throw noPolicy()
    return { headers: { 'content-type': 'application/json' }, body: policy }
  },
})

export const PutBucketPolicy = s3('PutBucketPolicy', 'PUT bucket?policy', {
  access: ({ bucket }) => ({ action: 's3:PutBucketPolicy', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const policy = await textOf(request)
    const checked = checkPolicy(policy, request.bucket)
    await call.write(async (tx) => {
      await checkPrincipals(tx, checked, policyNamesNobody)
      await configureBucket(tx, request.bucket, { policy })
    })
    return { status: 204 }
  },
})

export const DeleteBucketPolicy = s3('DeleteBucketPolicy', 'DELETE bucket?policy', {
  access: ({ bucket }) => ({ action: 's3:DeleteBucketPolicy', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    await call.write((tx) => configureBucket(tx, bucket, { policy: undefined }))
    return { status: 204 }
  },
})

/** Whatever a policy says, who does not sign gets nothing here. */
export const GetBucketPolicyStatus = s3('GetBucketPolicyStatus', 'GET bucket?policyStatus', {
  access: ({ bucket }) => ({ action: 's3:GetBucketPolicyStatus', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    const { policy } = (await call.read((db) => mustFindBucket(db, bucket))).settings
    if (policy === undefined) throw noPolicy()
    return { body: xmlDocument('PolicyStatus', { IsPublic: false }, XML_NAMESPACE) }
  },
})

function checkPolicy(text: string, bucket: string): ParsedPolicy {
  if (Buffer.byteLength(text) > LIMIT) throw malformed('Policy size exceeds the maximum allowed size')
  const policy = parsed(text)
  const arn = bucketArn(bucket)
  for (const { resources, principals, actions } of policy.statements) {
    if (!principals) throw malformed('Missing required field Principal')
    if (actions.listed.some((action) => action !== '*' && !/^s3:/i.test(action)))
      throw malformed('Policy has invalid action')
    const foreign = resources?.listed.some(
      (one) => one !== arn && !one.startsWith(`${arn}/`) && !one.startsWith(`${arn}*`),
    )
    if (!resources || foreign) throw malformed('Policy has invalid resource')
  }
  return policy
}

function parsed(text: string): ParsedPolicy {
  try {
    JSON.parse(text)
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'")
  }
  try {
    return parsePolicy(text, 'resource')
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : 'Invalid policy')
  }
}

function malformed(message: string): ApiError {
  return new ApiError('MalformedPolicy', message)
}

function policyNamesNobody(principal: string): ApiError {
  return new ApiError('MalformedPolicy', 'Invalid principal in policy', { detail: { principal } })
}

function noPolicy(): ApiError {
  return new ApiError('NoSuchBucketPolicy', 'The bucket policy does not exist')
}
