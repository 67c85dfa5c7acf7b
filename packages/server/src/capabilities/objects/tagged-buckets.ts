/** Tags of buckets, for those who look at the tags of everything. */
import { smallKeeper, toMap, toTags } from '#capabilities/tags/index.ts'
import type { Tx } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { type Bucket, bucketArn } from './bucket.ts'
import { configureBucket, listBuckets, mustFindBucket } from './bucket-store.ts'
import { noSuchBucket } from './errors.ts'
import { checkTags } from './tags.ts'

/** More than anybody has. */
const ALL = 1_000_000

export const bucketKeeper = smallKeeper({
  type: 's3:bucket',
  cloudType: 'AWS::S3::Bucket',
  tagging: 's3:PutBucketTagging',
  untagging: 's3:PutBucketTagging',
  idOf(_scope, arn) {
    const prefix = bucketArn('')
    const name = arn.startsWith(prefix) ? arn.slice(prefix.length) : ''
    return name === '' || name.includes('/') ? undefined : name
  },
  async all(reader, { account, region }) {
    const buckets = await listBuckets(reader, account, { prefix: '', after: '', region, limit: ALL })
    return buckets.map(({ name, settings }) => ({ id: name, arn: bucketArn(name), tags: toTags(settings.tags) }))
  },
  async put(tx, scope, name, tags) {
    const { settings } = await ownBucket(tx, scope, name)
    const all = { ...settings.tags, ...toMap(tags) }
    await configureBucket(tx, name, { tags: checkTags(Object.entries(all), 'bucket') })
  },
  async remove(tx, scope, name, keys) {
    const { settings } = await ownBucket(tx, scope, name)
    const left = Object.entries(settings.tags ?? {}).filter(([key]) => !keys.includes(key))
    await configureBucket(tx, name, { tags: left.length > 0 ? Object.fromEntries(left) : undefined })
  },
})

/** Throws `NoSuchBucket`, for those of other accounts and Regions too. */
async function ownBucket(tx: Tx, { account, region }: Scope, name: string): Promise<Bucket> {
  const bucket = await mustFindBucket(tx, name)
  if (bucket.account !== account || bucket.region !== region) throw noSuchBucket()
  return bucket
}
