/** Gathers the files that are attached to a version, with the rights of whoever makes it (DOC-14). */
import { hash } from 'node:crypto'
import type { AttachmentsSource } from '@steward/model/generated/ssm.ts'
import { folderAccess, keysIn, objectAccess, readWhole } from '#capabilities/objects/index.ts'
import type { Reader } from '#db/database.ts'
import type { Access, Call, WriteCall } from '#kernel/declare.ts'
import { checkAttachmentName, type Source, toSource } from './attachment-source.ts'
import { type Attachment, attachmentContent, attachmentsOf, type NewAttachment } from './attachment-store.ts'
import { referencedArn } from './document.ts'
import { attachmentsTooLarge, invalidAttachment } from './errors.ts'
import { lookUp } from './look-up.ts'

const MAX_ATTACHMENTS = 20
/** Of one version, together: they rest in the database. */
const MAX_BYTES = 10 * 1024 ** 2

/** What the caller must be allowed to do to attach what it names. */
export async function attachmentDemands(call: Call, sources: readonly AttachmentsSource[] = []): Promise<Access[]> {
  const demands = await Promise.all(sources.map((source) => demandsOf(call, toSource(source))))
  return demands.flat()
}

async function demandsOf(call: Call, source: Source): Promise<Access[]> {
  if (source.kind === 'object') return objectAccess(call, source)
  if (source.kind === 'attachment') {
    return [{ action: 'ssm:GetDocument', resources: [referencedArn(call.scope, source.document)] }]
  }
  const { bucket, prefix } = source
  const reading = async () => {
    const keys = await keysIn(call.db, bucket, prefix, MAX_ATTACHMENTS)
    const demands = await Promise.all(keys.map((key) => objectAccess(call, { bucket, key })))
    return demands.flat()
  }
  // Which files there are matters only to those who may know.
  return [{ ...folderAccess(bucket, prefix), also: reading }]
}

/** The files, in order of their names. Throws `ValidationException`, `MaxDocumentSizeExceeded`. */
export async function gatherAttachments(
  call: WriteCall,
  sources: readonly AttachmentsSource[] = [],
): Promise<NewAttachment[]> {
  const gathered = new Map<string, NewAttachment>()
  let left = MAX_BYTES
  for (const source of sources) {
    for (const { name, read } of await filesOf(call, toSource(source))) {
      if (gathered.has(name)) throw invalidAttachment(`two files are called ${name}.`)
      if (gathered.size === MAX_ATTACHMENTS) throw invalidAttachment(`there are more than ${MAX_ATTACHMENTS} files.`)
      const bytes = await read(left)
      if (bytes === 'too-large') throw attachmentsTooLarge(MAX_BYTES)
      left -= bytes.length
      gathered.set(name, { name, size: bytes.length, hash: hash('sha256', bytes), bytes })
    }
  }
  return [...gathered.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Whether the same files are attached, both in order of their names. */
export function areSame(some: readonly Omit<Attachment, 'id'>[], others: readonly Omit<Attachment, 'id'>[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ name, hash }, at) => name === others[at]!.name && hash === others[at]!.hash)
  )
}

interface File {
  readonly name: string
  /** `limit` in bytes. */
  read(limit: number): Promise<Buffer | 'too-large'>
}

async function filesOf(call: WriteCall, source: Source): Promise<File[]> {
  if (source.kind === 'attachment') return [await referenced(call, source)]
  if (source.kind === 'object') return [object(call, source)]
  const { bucket, prefix } = source
  const keys = await keysIn(call.db, bucket, prefix, MAX_ATTACHMENTS)
  if (keys.length === 0) throw invalidAttachment(`there are no files at s3://${bucket}/${prefix}.`)
  return keys.map((key) => object(call, { bucket, key, name: checkAttachmentName(key.slice(prefix.length)) }))
}

function object(call: WriteCall, place: { bucket: string; key: string; name: string }): File {
  return {
    name: place.name,
    async read(limit) {
      const bytes = await readWhole(call, place, limit)
      if (bytes === undefined) throw invalidAttachment(`there is no file s3://${place.bucket}/${place.key}.`)
      return bytes
    },
  }
}

async function referenced(call: WriteCall, source: Source & { kind: 'attachment' }): Promise<File> {
  const { name, document, version, file } = source
  const attachment = await findAttachment(call.db, call, source)
  if (!attachment) throw invalidAttachment(`there is no file ${file} in version ${version} of ${document}.`)
  return {
    name,
    read: async (limit) =>
      attachment.size > limit ? 'too-large' : (await attachmentContent(call.db, call.vault, attachment.id))!.bytes,
  }
}

/** What the caller's account may not read does not exist for it. */
async function findAttachment(
  db: Reader,
  { scope }: Pick<Call, 'scope'>,
  { document: nameOrArn, version: selector, file }: Source & { kind: 'attachment' },
): Promise<Attachment | undefined> {
  const { document, version } = await lookUp(db, scope, nameOrArn, { selector, versionName: undefined })
  if (!document || !version) return undefined
  return (await attachmentsOf(db, { document, version })).find(({ name }) => name === file)
}
