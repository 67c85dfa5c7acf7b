import { s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { bucketArn, ownerOf, XML_NAMESPACE } from '../bucket.ts'
import { listBuckets } from '../bucket-store.ts'
import { invalidArgument } from '../errors.ts'

const MAX_BUCKETS = 10_000

export const ListBuckets = s3('ListBuckets', 'GET service', {
  access: () => ({ action: 's3:ListAllMyBuckets', resources: [bucketArn('*')] }),

  async handle({ query }, call) {
    const { account } = call.scope
    const limit = Number(query.get('max-buckets') ?? MAX_BUCKETS)
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_BUCKETS)
      throw invalidArgument(`Argument max-buckets must be an integer between 1 and ${MAX_BUCKETS}`)
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString()
    const [prefix, region] = [query.get('prefix') ?? '', query.get('bucket-region') ?? undefined]
    const found = await call.read((db) => listBuckets(db, account, { prefix, after, region, limit: limit + 1 }))
    const buckets = found.slice(0, limit)
    const last = found.length > limit ? buckets.at(-1)?.name : undefined
    const Bucket = buckets.map(({ name, createdAt, region }) => ({
      Name: name,
      CreationDate: createdAt,
      BucketRegion: region,
      BucketArn: bucketArn(name),
    }))
    const content = {
      Owner: ownerOf(account),
      Buckets: { Bucket },
      ContinuationToken: last && Buffer.from(last).toString('base64url'),
      Prefix: prefix || undefined,
    }
    return { body: xmlDocument('ListAllMyBucketsResult', content, XML_NAMESPACE) }
  },
})
