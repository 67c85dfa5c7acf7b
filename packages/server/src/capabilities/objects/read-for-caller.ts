/** Objects that an operation of another service reads for its caller, who must be allowed to read them itself. */
import type { Reader } from '#db/database.ts'
import type { Access, Call, PrepareCall } from '#kernel/declare.ts'
import { bucketArn } from './bucket.ts'
import { findBucket } from './bucket-store.ts'
import { contentKeyOf, readParts } from './content.ts'
import { readingAccess } from './get.ts'
import { listKeys, MAX_KEYS } from './list.ts'
import type { StoredObject } from './object.ts'
import { findObject, partsOf } from './object-store.ts'

interface Place {
  readonly bucket: string
  readonly key: string
}

/** What the caller must be allowed to do to read an object. */
export function objectAccess(call: Call, place: Place): Promise<Access[]> {
  return readingAccess(place, call)
}

/** What the caller must be allowed to do to learn what is directly under a prefix. */
export function folderAccess(bucket: string, prefix: string): Access {
  const context = { 's3:prefix': prefix, 's3:delimiter': '/' }
  return { action: 's3:ListBucket', resources: [bucketArn(bucket)], context }
}

/** The keys directly under a prefix; once they are more than `limit`, not all of them. */
export async function keysIn(db: Reader, bucket: string, prefix: string, limit: number): Promise<string[]> {
  const keys: string[] = []
  for (let after: string | undefined = ''; after !== undefined && keys.length <= limit; ) {
    const page = await listKeys(db, { bucket, prefix, delimiter: '/', after, limit: MAX_KEYS })
    // A key that is the prefix itself is how some clients make folders.
    keys.push(...page.objects.map(({ key }: StoredObject) => key).filter((key) => key !== prefix))
    after = page.next
  }
  return keys
}

/** An object as it is now; undefined if there is none. */
export function objectAt(db: Reader, { bucket, key }: Place): Promise<StoredObject | undefined> {
  return findObject(db, bucket, key)
}

/** All of what an object contained when it was found; undefined if it was replaced or deleted since. */
export async function readWhole(call: PrepareCall, object: StoredObject): Promise<Buffer | undefined> {
  const bucket = await call.read((db) => findBucket(db, object.bucket))
  const parts = await call.read((db) => partsOf(db, object.contentId))
  if (!bucket || parts.length === 0) return undefined
  const contentKey = await contentKeyOf(call, bucket, object.attributes.encryption)
  const pieces: Buffer[] = []
  for await (const piece of readParts(call.contentFolder, contentKey, parts, 0, object.size)) pieces.push(piece)
  return Buffer.concat(pieces)
}
