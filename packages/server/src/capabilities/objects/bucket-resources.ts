/** What decisions must know of buckets and objects: the bucket's policy and tags. */
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import type { ResourceDirectory } from '#kernel/declare.ts'
import { findBucket } from './bucket-store.ts'

export const bucketResources: ResourceDirectory = {
  services: ['s3'],
  keepsPolicies: true,
  // A root cannot lock itself out.
  rootIsFreeTo: new Set(['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy']),
  async describe(reader, arn) {
    const path = arn.split(':').slice(5).join(':')
    const name = path.split('/')[0]!
    const bucket = await findBucket(reader, name)
    if (!bucket) return undefined
    const { tags = {}, policy } = bucket.settings
    const ofBucket = path === name ? { tags } : {}
    if (policy === undefined) return ofBucket
    return { ...ofBucket, policy: { name, source: 'resource', policy: parsePolicy(policy, 'resource') } }
  },
}
