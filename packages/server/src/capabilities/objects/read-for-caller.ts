/** Objects that an operation of another service reads for its caller, who must be allowed to read them itself. */
import type { Reader } from '#db/database.ts'
import type { Access, Call, WriteCall } from '#kernel/declare.ts'
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

/** All of an object; undefined if there is none, `too-large` if it has more than `limit` bytes. */
export async function readWhole(
  call: WriteCall,
  { bucket: name, key }: Place,
  limit: number,
): Promise<Buffer | 'too-large' | undefined> {
  const { db, scope, now, ids, vault, contentFolder } = call
  const bucket = await findBucket(db, name)
  const object = bucket && (await findObject(db, name, key))
  if (!object) return undefined
  if (object.size > limit) return 'too-large'
  const within = <T>(work: (tx: WriteCall['db']) => Promise<T>) => work(db)
  const making = { scope, now, ids, vault, contentFolder, read: within, write: within }
  const contentKey = await contentKeyOf(making, bucket, object.attributes.encryption)
  const parts = await partsOf(db, object.contentId)
  const pieces: Buffer[] = []
  for await (const piece of readParts(contentFolder, contentKey, parts, 0, object.size)) pieces.push(piece)
  return Buffer.concat(pieces)
}
