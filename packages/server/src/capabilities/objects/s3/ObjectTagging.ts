/** GetObjectTagging, PutObjectTagging, DeleteObjectTagging. */
import { type S3AccessCall, type S3Call, type S3Request, s3 } from '#kernel/declare.ts'
import { objectArn } from '../bucket.ts'
import { noSuchKey } from '../errors.ts'
import { existingTags, mustFindObject } from '../get.ts'
import { changeAttributes, findObject } from '../object-store.ts'
import { readTags, tagsXml } from '../tags.ts'

const access = (action: string) => async (request: S3Request, call: S3AccessCall) => ({
  action,
  resources: [objectArn(request.bucket, request.key)],
  context: existingTags(await findObject(call.db, request.bucket, request.key)),
})

export const GetObjectTagging = s3('GetObjectTagging', 'GET object?tagging', {
  access: access('s3:GetObjectTagging'),
  handle: async (request, call) => ({ body: tagsXml((await mustFindObject(call, request)).object.attributes.tags) }),
})

export const PutObjectTagging = s3('PutObjectTagging', 'PUT object?tagging', {
  access: access('s3:PutObjectTagging'),
  async handle(request, call) {
    await setTags(request, call, await readTags(request, 'object'))
    return {}
  },
})

export const DeleteObjectTagging = s3('DeleteObjectTagging', 'DELETE object?tagging', {
  access: access('s3:DeleteObjectTagging'),
  async handle(request, call) {
    await setTags(request, call, {})
    return { status: 204 }
  },
})

async function setTags(request: S3Request, call: S3Call, tags: Record<string, string>): Promise<void> {
  await mustFindObject(call, request)
  await call.write(async (tx) => {
    const object = await findObject(tx, request.bucket, request.key)
    if (!object) throw noSuchKey(request.key)
    await changeAttributes(tx, { ...object, attributes: { ...object.attributes, tags } })
  })
}
