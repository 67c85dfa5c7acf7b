import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Bucket, BucketSettings } from './bucket.ts'
import { noSuchBucket } from './errors.ts'
import type { BucketRow, ObjectTables } from './tables.ts'

export async function findBucket(reader: Reader, name: string): Promise<Bucket | undefined> {
  const buckets = tables<ObjectTables>(reader).selectFrom('object_bucket')
  const row = await buckets.selectAll().where('name', '=', name).executeTakeFirst()
  return row && toBucket(row)
}

/** Throws `NoSuchBucket`. */
export async function mustFindBucket(reader: Reader, name: string): Promise<Bucket> {
  const bucket = await findBucket(reader, name)
  if (!bucket) throw noSuchBucket()
  return bucket
}

/** An account's buckets in order of their names. */
export async function listBuckets(
  reader: Reader,
  account: string,
  { prefix, after, region, limit }: { prefix: string; after: string; region: string | undefined; limit: number },
): Promise<Bucket[]> {
  let query = tables<ObjectTables>(reader)
    .selectFrom('object_bucket')
    .selectAll()
    .where('account', '=', account)
    .where('name', '>=', prefix)
    .where('name', '>', after)
    .where('name', '<', `${prefix}~`)
  if (region) query = query.where('region', '=', region)
  return (await query.orderBy('name').limit(limit).execute()).map(toBucket)
}

export async function insertBucket(tx: Tx, bucket: Bucket): Promise<void> {
  const { createdAt: created_at, sealedKey: sealed_key, settings, ...rest } = bucket
  await tables<ObjectTables>(tx)
    .insertInto('object_bucket')
    .values({ ...rest, created_at, sealed_key, settings: JSON.stringify(settings) })
    .execute()
}

/** Changes what is configured; a member that is undefined is configured no more. Throws `NoSuchBucket`. */
export async function configureBucket(
  tx: Tx,
  name: string,
  change: { [M in keyof BucketSettings]: BucketSettings[M] | undefined },
): Promise<void> {
  const { settings } = await mustFindBucket(tx, name)
  await tables<ObjectTables>(tx)
    .updateTable('object_bucket')
    .set({ settings: JSON.stringify({ ...settings, ...change }) })
    .where('name', '=', name)
    .execute()
}

export async function deleteBucket(tx: Tx, name: string): Promise<void> {
  await tables<ObjectTables>(tx).deleteFrom('object_bucket').where('name', '=', name).execute()
}

/** All buckets that have rules by which objects end. */
export async function bucketsWithLifecycle(reader: Reader): Promise<Bucket[]> {
  const buckets = tables<ObjectTables>(reader).selectFrom('object_bucket')
  const rows = await buckets.selectAll().where('settings', 'like', '%"lifecycle":%').execute()
  return rows.map(toBucket).filter(({ settings }) => settings.lifecycle)
}

export function bucketKeyAad(name: string): string {
  return `object-bucket:${name}`
}

function toBucket({ created_at: createdAt, sealed_key: sealedKey, settings, ...row }: BucketRow): Bucket {
  return { ...row, createdAt, sealedKey, settings: JSON.parse(settings) as BucketSettings }
}
