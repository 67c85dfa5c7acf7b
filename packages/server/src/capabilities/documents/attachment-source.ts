/** Where attachments come from, as requests name it. Pure. */
import type { AttachmentsSource } from '@steward/model/generated/ssm.ts'
import { type VersionSelector, versionSelector } from './document.ts'
import { invalidAttachment } from './errors.ts'

export type Source =
  | { readonly kind: 'folder'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'object'; readonly name: string; readonly bucket: string; readonly key: string }
  | {
      readonly kind: 'attachment'
      readonly name: string
      /** A name or an ARN. */
      readonly document: string
      readonly version: VersionSelector
      readonly file: string
    }

const NAME = /^[a-zA-Z0-9_\-.]{3,128}$/

/** Throws unless files may be called so. */
export function checkAttachmentName(name: string): string {
  if (!NAME.test(name)) throw invalidAttachment(`a file cannot be called '${name}'.`)
  return name
}

/** Throws `ValidationException`. */
export function toSource({ Key: kind, Values: [value] = [], Name: name }: AttachmentsSource): Source {
  if (kind === undefined || value === undefined) throw invalidAttachment('a source needs Key and Values.')
  if (kind === 'AttachmentReference') return toReference(value, name)
  const place = placeOf(value)
  if (!place) throw invalidAttachment(`${value} is no address in S3, such as s3://bucket/prefix.`)
  const { bucket, key } = place
  if (kind === 'S3FileUrl') {
    if (name === undefined) throw invalidAttachment(`the file ${value} needs a Name.`)
    if (key === '' || key.endsWith('/')) throw invalidAttachment(`${value} is no address of a file.`)
    return { kind: 'object', name: checkAttachmentName(name), bucket, key }
  }
  if (name !== undefined) throw invalidAttachment(`the files of ${value} have names, so it takes no Name.`)
  return { kind: 'folder', bucket, prefix: key === '' || key.endsWith('/') ? key : `${key}/` }
}

/** `Document/Version/file`; the document may be an ARN. */
function toReference(value: string, name: string | undefined): Source {
  const match = /^([^\0]+)\/(\$LATEST|\$DEFAULT|[1-9]\d{0,9})\/([^/]+)$/.exec(value)
  if (!match) throw invalidAttachment(`${value} is not of the form Document/Version/file.`)
  const [, document = '', version, file = ''] = match
  return {
    kind: 'attachment',
    name: checkAttachmentName(name ?? file),
    document,
    version: versionSelector(version),
    file,
  }
}

interface Place {
  readonly bucket: string
  readonly key: string
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/** What cannot be in a bucket is no place. */
function placeOf(text: string): Place | undefined {
  const place = addressed(text)
  // Databases do not take the character zero.
  return place && BUCKET.test(place.bucket) && !place.key.includes('\0') ? place : undefined
}

/** Of `s3://bucket/key`, and of https with the bucket in the path or in the host. */
function addressed(text: string): Place | undefined {
  const plain = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text)
  if (plain) return { bucket: plain[1]!, key: plain[2] ?? '' }
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return undefined
  const { hostname, pathname } = new URL(text)
  const path = decoded(pathname.slice(1))
  if (path === undefined) return undefined
  const inHost = /^(.+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com$/.exec(hostname)
  if (inHost) return { bucket: inHost[1]!, key: path }
  const slash = path.indexOf('/')
  const bucket = slash < 0 ? path : path.slice(0, slash)
  return { bucket, key: slash < 0 ? '' : path.slice(slash + 1) }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
