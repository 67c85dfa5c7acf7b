/** Objects and their parts. Files that are no part of anything any more are garbage from the same transaction on. */
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Part, StoredObject } from './object.ts'
import type { EntryRow, ObjectTables, PartRow } from './tables.ts'

export async function findObject(reader: Reader, bucket: string, key: string): Promise<StoredObject | undefined> {
  const entries = tables<ObjectTables>(reader).selectFrom('object_entry').selectAll()
  const row = await entries.where('bucket', '=', bucket).where('key', '=', key).executeTakeFirst()
  return row && toObject(row)
}

/** Objects in order of their keys: those that begin with `prefix`, from `from` on (`after`: without it). */
export async function objectsFrom(
  reader: Reader,
  bucket: string,
  { prefix, from, after, limit }: { prefix: string; from: string; after: boolean; limit: number },
): Promise<StoredObject[]> {
  let query = tables<ObjectTables>(reader)
    .selectFrom('object_entry')
    .selectAll()
    .where('bucket', '=', bucket)
    .where('key', '>=', prefix)
    .where('key', after ? '>' : '>=', from)
  const end = behindPrefix(prefix)
  if (end !== undefined) query = query.where('key', '<', end)
  return (await query.orderBy('key').limit(limit).execute()).map(toObject)
}

/** The first text, in order of bytes, behind all that begin with `prefix`; undefined if there is none. */
export function behindPrefix(prefix: string): string | undefined {
  const characters = [...prefix]
  const last = characters.pop()?.codePointAt(0)
  if (last === undefined) return undefined
  if (last === 0x10ffff) return behindPrefix(characters.join(''))
  // What stands alone of a pair of surrogates is no character.
  return characters.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
}

/** Puts an object in the place of the one that was there. */
export async function putObject(tx: Tx, object: StoredObject, removableAt: Date): Promise<void> {
  await removeObject(tx, object.bucket, object.key, removableAt)
  const { contentId, modifiedAt, attributes, ...rest } = object
  await tables<ObjectTables>(tx)
    .insertInto('object_entry')
    .values({
      ...rest,
      content_id: contentId,
      modified_at: modifiedAt.toISOString(),
      attributes: JSON.stringify(attributes),
    })
    .execute()
}

export async function changeAttributes(tx: Tx, { bucket, key, attributes }: StoredObject): Promise<void> {
  await tables<ObjectTables>(tx)
    .updateTable('object_entry')
    .set({ attributes: JSON.stringify(attributes) })
    .where('bucket', '=', bucket)
    .where('key', '=', key)
    .execute()
}

/** Whether there was one. */
export async function removeObject(tx: Tx, bucket: string, key: string, removableAt: Date): Promise<boolean> {
  const db = tables<ObjectTables>(tx)
  const found = await db
    .selectFrom('object_entry')
    .select('content_id')
    .where('bucket', '=', bucket)
    .where('key', '=', key)
    .executeTakeFirst()
  if (!found) return false
  await removeParts(tx, found.content_id, removableAt)
  await db.deleteFrom('object_entry').where('bucket', '=', bucket).where('key', '=', key).execute()
  return true
}

export async function isEmpty(reader: Reader, bucket: string): Promise<boolean> {
  const entries = tables<ObjectTables>(reader).selectFrom('object_entry')
  return (await entries.select('key').where('bucket', '=', bucket).limit(1).execute()).length === 0
}

// ---------------------------------------------------------------------------------------------------------------------

/** The parts of a content in order, from number `from` on. */
export async function partsOf(reader: Reader, contentId: string, from = 1, limit?: number): Promise<Part[]> {
  let query = tables<ObjectTables>(reader)
    .selectFrom('object_part')
    .selectAll()
    .where('content_id', '=', contentId)
    .where('number', '>=', from)
    .orderBy('number')
  if (limit !== undefined) query = query.limit(limit)
  return (await query.execute()).map(toPart)
}

/** Makes a file part of a content, in the place of what had the number; it is garbage no more. */
export async function putPart(tx: Tx, contentId: string, part: Part, removableAt: Date): Promise<void> {
  const db = tables<ObjectTables>(tx)
  await removeParts(tx, contentId, removableAt, [part.number])
  const { modifiedAt, checksum = null, ...rest } = part
  await db
    .insertInto('object_part')
    .values({ ...rest, checksum, content_id: contentId, modified_at: modifiedAt.toISOString() })
    .execute()
  await db.deleteFrom('object_garbage').where('file', '=', part.file).execute()
}

/** Removes the parts with these numbers; default: all. */
export async function removeParts(
  tx: Tx,
  contentId: string,
  removableAt: Date,
  numbers?: readonly number[],
): Promise<void> {
  const db = tables<ObjectTables>(tx)
  let found = db.selectFrom('object_part').select(['file', 'number']).where('content_id', '=', contentId)
  if (numbers) found = found.where('number', 'in', numbers)
  for (const { file, number } of await found.execute()) {
    await db.deleteFrom('object_part').where('content_id', '=', contentId).where('number', '=', number).execute()
    await addGarbage(tx, file, removableAt)
  }
}

export async function addGarbage(tx: Tx, file: string, removableAt: Date): Promise<void> {
  const garbage = tables<ObjectTables>(tx).insertInto('object_garbage')
  await garbage.values({ file, removable_at: removableAt.toISOString() }).execute()
}

export async function removableFiles(reader: Reader, now: Date, limit: number): Promise<string[]> {
  const garbage = tables<ObjectTables>(reader).selectFrom('object_garbage').select('file')
  const due = garbage.where('removable_at', '<=', now.toISOString()).orderBy('removable_at').limit(limit)
  return (await due.execute()).map(({ file }) => file)
}

export async function forgetGarbage(tx: Tx, files: readonly string[]): Promise<void> {
  if (files.length === 0) return
  await tables<ObjectTables>(tx).deleteFrom('object_garbage').where('file', 'in', files).execute()
}

function toObject(row: EntryRow): StoredObject {
  const { content_id: contentId, modified_at, attributes, size, ...rest } = row
  return {
    ...rest,
    contentId,
    size: Number(size),
    modifiedAt: new Date(modified_at),
    attributes: JSON.parse(attributes) as StoredObject['attributes'],
  }
}

function toPart({ number, file, size, etag, checksum, modified_at }: PartRow): Part {
  return { number, file, size: Number(size), etag, checksum: checksum ?? undefined, modifiedAt: new Date(modified_at) }
}
