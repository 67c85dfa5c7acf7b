import { type TaskContext, task } from '#kernel/declare.ts'
import type { Bucket, LifecycleRule } from './bucket.ts'
import { bucketsWithLifecycle } from './bucket-store.ts'
import { removableAt } from './content.ts'
import { isExpired, midnightAfter } from './lifecycle.ts'
import { findObject, objectsFrom, removeObject, removeParts } from './object-store.ts'
import { forgetUpload, listUploads } from './upload-store.ts'

const AT_ONCE = 500

/** Deletes the objects, and gives up the uploads, whose time the lifecycle rules of their bucket say is over. */
export const expireObjects = task({
  name: 'objects.expire',
  everyMs: 3_600_000,
  async run(context) {
    if (!context.clockIsSteady()) return { objects: 0, uploads: 0 }
    let objects = 0
    let uploads = 0
    for (const bucket of await context.read(bucketsWithLifecycle)) {
      objects += await expireIn(bucket, context)
      for (const rule of bucket.settings.lifecycle ?? []) uploads += await giveUpUploads(bucket, rule, context)
    }
    return { objects, uploads }
  },
})

async function expireIn({ name, settings }: Bucket, { read, write, now, signal }: TaskContext): Promise<number> {
  const rules = settings.lifecycle ?? []
  let expired = 0
  for (let from = ''; !signal.aborted; ) {
    const batch = await read((db) => objectsFrom(db, name, { prefix: '', from, after: true, limit: AT_ONCE }))
    const due = batch.filter((object) => rules.some((rule) => isExpired(rule, object, now())))
    await write(async (tx) => {
      for (const { key, contentId } of due) {
        // It may have been replaced since.
        const present = await findObject(tx, name, key)
        if (present?.contentId === contentId) await removeObject(tx, name, key, removableAt(now()))
      }
    })
    expired += due.length
    if (batch.length < AT_ONCE) break
    from = batch.at(-1)!.key
  }
  return expired
}

async function giveUpUploads(
  { name }: Bucket,
  { enabled, prefix, abortUploadDays }: LifecycleRule,
  { read, write, now }: TaskContext,
): Promise<number> {
  if (!enabled || abortUploadDays === undefined) return 0
  const found = await read((db) => listUploads(db, name, { prefix, afterKey: '', afterId: '', limit: 10_000 }))
  const due = found.filter(({ initiatedAt }) => now() >= midnightAfter(initiatedAt, abortUploadDays))
  await write(async (tx) => {
    for (const { id } of due) {
      await removeParts(tx, id, removableAt(now()))
      await forgetUpload(tx, id)
    }
  })
  return due.length
}
