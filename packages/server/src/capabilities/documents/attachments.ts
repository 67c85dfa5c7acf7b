/** Gathers the files that are attached to a version, with the rights of whoever makes it (DOC-14). */
import { hash } from 'node:crypto'
import type { AttachmentsSource } from '@steward/model/generated/ssm.ts'
import { folderAccess, keysIn, objectAccess, objectAt, readWhole } from '#capabilities/objects/index.ts'
import type { Reader } from '#db/database.ts'
import type { Access, Call, PrepareCall } from '#kernel/declare.ts'
import { checkAttachmentName, type Source, toSource } from './attachment-source.ts'
import { type Attachment, attachmentContent, attachmentsOf, type NewAttachment } from './attachment-store.ts'
import { referencedArn } from './document.ts'
import { attachmentChanged, attachmentsTooLarge, invalidAttachment } from './errors.ts'
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

/** What files contain, by the id of the content, which is unique for ever. */
export type Contents = ReadonlyMap<string, Content>

interface Content {
  readonly bytes: Buffer
  /** SHA-256 in hexadecimal. */
  readonly hash: string
}

/** Reads the files while no transaction is open: a big or slow one must hold up nobody. Throws as {@link gatherAttachments}. */
export async function readAttachments(
  call: PrepareCall,
  sources: readonly AttachmentsSource[] = [],
): Promise<Contents> {
  const files = await call.read((db) => chosenFiles(db, call, sources))
  const contents = new Map<string, Content>()
  for (const { contentId, read } of files) {
    const bytes = contents.has(contentId) ? undefined : await read(call)
    if (bytes) contents.set(contentId, { bytes, hash: hash('sha256', bytes) })
  }
  return contents
}

/**
 * The files that the sources name in this transaction, in order of their names; it is those that the caller was admitted to. Throws
 * `ValidationException`, `MaxDocumentSizeExceeded`, and `ServiceUnavailable` if one of them is another than was read.
 */
export async function gatherAttachments(
  call: Call,
  sources: readonly AttachmentsSource[] = [],
  contents: Contents,
): Promise<NewAttachment[]> {
  const files = await chosenFiles(call.db, call, sources)
  return files.map(({ name, size, contentId }) => {
    const content = contents.get(contentId)
    if (!content) throw attachmentChanged(name)
    return { name, size, ...content }
  })
}

interface File {
  readonly name: string
  readonly contentId: string
  readonly size: number
  /** Undefined if it is gone. */
  read(call: PrepareCall): Promise<Buffer | undefined>
}

async function chosenFiles(
  db: Reader,
  call: Pick<Call, 'scope'>,
  sources: readonly AttachmentsSource[],
): Promise<File[]> {
  const chosen = new Map<string, File>()
  let size = 0
  for (const source of sources) {
    for (const file of await filesOf(db, call, toSource(source))) {
      const { name } = file
      if (chosen.has(name)) throw invalidAttachment(`two files are called ${name}.`)
      if (chosen.size === MAX_ATTACHMENTS) throw invalidAttachment(`there are more than ${MAX_ATTACHMENTS} files.`)
      size += file.size
      if (size > MAX_BYTES) throw attachmentsTooLarge(MAX_BYTES)
      chosen.set(name, file)
    }
  }
  return [...chosen.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Whether the same files are attached, both in order of their names. */
export function areSame(some: readonly Omit<Attachment, 'id'>[], others: readonly Omit<Attachment, 'id'>[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ name, hash }, at) => name === others[at]!.name && hash === others[at]!.hash)
  )
}

async function filesOf(db: Reader, call: Pick<Call, 'scope'>, source: Source): Promise<File[]> {
  if (source.kind === 'attachment') return [await referenced(db, call, source)]
  if (source.kind === 'object') return [await objectFile(db, source)]
  const { bucket, prefix } = source
  const keys = await keysIn(db, bucket, prefix, MAX_ATTACHMENTS)
  if (keys.length === 0) throw invalidAttachment(`there are no files at s3://${bucket}/${prefix}.`)
  const named = keys.map((key) => ({ bucket, key, name: checkAttachmentName(key.slice(prefix.length)) }))
  return Promise.all(named.map((place) => objectFile(db, place)))
}

async function objectFile(db: Reader, place: { bucket: string; key: string; name: string }): Promise<File> {
  const object = await objectAt(db, place)
  if (!object) throw invalidAttachment(`there is no file s3://${place.bucket}/${place.key}.`)
  const { contentId, size } = object
  return { name: place.name, contentId, size, read: (call) => readWhole(call, object) }
}

async function referenced(
  db: Reader,
  call: Pick<Call, 'scope'>,
  source: Source & { kind: 'attachment' },
): Promise<File> {
  const { name, document, version, file } = source
  const attachment = await findAttachment(db, call, source)
  if (!attachment) throw invalidAttachment(`there is no file ${file} in version ${version} of ${document}.`)
  const { id: contentId, size } = attachment
  const read = async (call: PrepareCall) =>
    (await call.read((reader) => attachmentContent(reader, call.vault, contentId)))?.bytes
  return { name, contentId, size, read }
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
