import { type S3Call, type S3Request, s3 } from '#kernel/declare.ts'
import { type XmlContent, xmlDocument } from '#kernel/xml.ts'
import { objectArn, XML_NAMESPACE } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'
import { removableAt } from '../content.ts'
import { invalidRequest, malformedXml } from '../errors.ts'
import { findObject, removeObject } from '../object-store.ts'
import { statedChecksum } from '../stated-checksum.ts'
import { xmlOf } from '../xml-body.ts'

const LIMIT = 1000

interface Doomed {
  readonly key: string
  readonly version: string | undefined
  readonly etag: string | undefined
}

/** Each key is decided on by itself, once the body that names them was read. */
export const DeleteObjects = s3('DeleteObjects', 'POST bucket?delete', {
  access: () => [],

  async handle(request, call) {
    const { doomed, quiet } = await readKeys(request)
    await call.read((db) => mustFindBucket(db, request.bucket))
    const deleted: XmlContent[] = []
    const errors: XmlContent[] = []
    for (const one of doomed) {
      const error = await remove(request.bucket, one, call)
      if (error) errors.push({ Key: one.key, VersionId: one.version, ...error })
      else if (!quiet) deleted.push({ Key: one.key, VersionId: one.version })
    }
    return { body: xmlDocument('DeleteResult', { Deleted: deleted, Error: errors }, XML_NAMESPACE) }
  },
})

async function readKeys(request: S3Request): Promise<{ doomed: Doomed[]; quiet: boolean }> {
  if (request.header('content-md5') === undefined && !statedChecksum(request))
    throw invalidRequest('Missing required header for this request: Content-MD5')
  const xml = await xmlOf(request, 'Delete')
  const doomed = xml.all('Object').map((object) => ({
    key: object.first('Key')?.text ?? '',
    version: object.textOf('VersionId'),
    etag: object.textOf('ETag')?.replace(/^"|"$/g, ''),
  }))
  if (doomed.length === 0 || doomed.length > LIMIT || doomed.some(({ key }) => key === '')) throw malformedXml()
  return { doomed, quiet: xml.textOf('Quiet') === 'true' }
}

async function remove(bucket: string, { key, version, etag }: Doomed, call: S3Call): Promise<XmlError | undefined> {
  if (!(await call.allows({ action: 's3:DeleteObject', resources: [objectArn(bucket, key)] })))
    return { Code: 'AccessDenied', Message: 'Access Denied' }
  if (version !== undefined && version !== 'null')
    return { Code: 'NoSuchVersion', Message: 'The specified version does not exist.' }
  return call.write(async (tx) => {
    const present = etag === undefined ? undefined : await findObject(tx, bucket, key)
    if (etag !== undefined && present?.etag !== etag)
      return { Code: 'PreconditionFailed', Message: 'At least one of the pre-conditions you specified did not hold' }
    await removeObject(tx, bucket, key, removableAt(call.now))
    return undefined
  })
}

interface XmlError {
  readonly Code: string
  readonly Message: string
}
