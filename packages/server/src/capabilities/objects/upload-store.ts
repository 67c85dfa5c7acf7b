/** Multipart uploads under way. Their parts are kept like those of objects, under the upload's id. */
import { type Reader, type Tx, tables } from '#db/database.ts'
import { noSuchUpload } from './errors.ts'
import type { Upload } from './object.ts'
import { behindPrefix, removeParts } from './object-store.ts'
import type { ObjectTables, UploadRow } from './tables.ts'

/** Throws `NoSuchUpload`. */
export async function mustFindUpload(reader: Reader, bucket: string, key: string, id: string): Promise<Upload> {
  const uploads = tables<ObjectTables>(reader).selectFrom('object_upload').selectAll()
  const row = await uploads.where('id', '=', id).executeTakeFirst()
  if (row?.bucket !== bucket || row.key !== key) throw noSuchUpload(id)
  return toUpload(row)
}

export async function insertUpload(tx: Tx, { initiatedAt, attributes, ...rest }: Upload): Promise<void> {
  await tables<ObjectTables>(tx)
    .insertInto('object_upload')
    .values({ ...rest, initiated_at: initiatedAt.toISOString(), attributes: JSON.stringify(attributes) })
    .execute()
}

/** In order of keys, and of ids for one key. */
export async function listUploads(
  reader: Reader,
  bucket: string,
  { prefix, afterKey, afterId, limit }: { prefix: string; afterKey: string; afterId: string; limit: number },
): Promise<Upload[]> {
  let query = tables<ObjectTables>(reader)
    .selectFrom('object_upload')
    .selectAll()
    .where('bucket', '=', bucket)
    .where('key', '>=', prefix)
  const end = behindPrefix(prefix)
  if (end !== undefined) query = query.where('key', '<', end)
  query =
    afterId === ''
      ? query.where('key', '>', afterKey)
      : query.where((eb) =>
          eb.or([eb('key', '>', afterKey), eb.and([eb('key', '=', afterKey), eb('id', '>', afterId)])]),
        )
  return (await query.orderBy('key').orderBy('id').limit(limit).execute()).map(toUpload)
}

/** Ends an upload; its parts stay. */
export async function forgetUpload(tx: Tx, id: string): Promise<void> {
  await tables<ObjectTables>(tx).deleteFrom('object_upload').where('id', '=', id).execute()
}

/** Ends all uploads into a bucket, and their parts. */
export async function removeUploads(tx: Tx, bucket: string, removableAt: Date): Promise<void> {
  const uploads = tables<ObjectTables>(tx).selectFrom('object_upload').select('id')
  for (const { id } of await uploads.where('bucket', '=', bucket).execute()) {
    await removeParts(tx, id, removableAt)
    await forgetUpload(tx, id)
  }
}

function toUpload({ initiated_at, attributes, ...row }: UploadRow): Upload {
  return { ...row, initiatedAt: new Date(initiated_at), attributes: JSON.parse(attributes) as Upload['attributes'] }
}
