import { createHash } from 'node:crypto'
import { ApiError } from '#kernel/api-error.ts'
import type { S3Request } from '#kernel/declare.ts'
import { readXml, type Xml } from '#kernel/xml.ts'
import { badMd5, invalidDigest, malformedXml } from './errors.ts'
import { statedChecksum } from './stated-checksum.ts'

/** The largest are a thousand keys to delete, and ten thousand parts. */
const LIMIT = 4 * 1024 * 1024

/** A small body as text, once its checksums are proven. Throws `EntityTooLarge`, `BadDigest`. */
export async function textOf(request: S3Request): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > LIMIT) throw new ApiError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  checkMd5(request, createHash('md5').update(bytes).digest())
  statedChecksum(request)?.check(bytes)
  return bytes.toString('utf8')
}

/** The body's root element, which must have that name. Throws `MalformedXML`. */
export async function xmlOf(request: S3Request, root: string): Promise<Xml> {
  const xml = readXml(await textOf(request))
  if (xml?.name !== root) throw malformedXml()
  return xml
}

/** Throws unless the body is the one that `Content-MD5` says, if it is there. */
export function checkMd5(request: S3Request, md5: Buffer): void {
  const stated = request.header('content-md5')
  if (stated === undefined) return
  if (!/^[A-Za-z0-9+/]{22}==$/.test(stated)) throw invalidDigest(stated)
  if (stated !== md5.toString('base64'))
    throw badMd5(Buffer.from(stated, 'base64').toString('hex'), md5.toString('base64'))
}
