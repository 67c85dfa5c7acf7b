/** Files that belong to versions of documents. They rest in the database, each encrypted under a key of its own. */
import { randomBytes } from 'node:crypto'
import { type Reader, tables } from '#db/database.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { Keyring, masterKey, type Vault } from '#kernel/vault.ts'
import { type Found, isPredefined } from './document-version.ts'
import { keyOf, named } from './store.ts'
import type { DocumentTables } from './tables.ts'

export interface Attachment {
  /** Unique for ever. */
  readonly id: string
  readonly name: string
  readonly size: number
  /** SHA-256 in hexadecimal. */
  readonly hash: string
}

export interface NewAttachment extends Omit<Attachment, 'id'> {
  readonly bytes: Buffer
}

type OfVersion = Pick<Found, 'document'> & { readonly version: Pick<Found['version'], 'number'> }

/** In order of their names. */
export async function attachmentsOf(reader: Reader, { document, version }: OfVersion): Promise<Attachment[]> {
  if (isPredefined(document)) return []
  const rows = await tables<DocumentTables>(reader)
    .selectFrom('document_attachment')
    .select(['id', 'file', 'size', 'hash'])
    .where(named(document))
    .where('version', '=', version.number)
    .execute()
  const attachments = rows.map(({ file, ...rest }) => ({ ...rest, name: file }))
  return attachments.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Undefined if it was deleted. */
export async function attachmentContent(
  reader: Reader,
  vault: Vault,
  id: string,
): Promise<{ name: string; bytes: Buffer } | undefined> {
  const attachments = tables<DocumentTables>(reader).selectFrom('document_attachment')
  const row = await attachments.select(['file', 'sealed_key', 'content']).where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const key = vault.open(row.sealed_key, attachmentKeyAad(id))
  return { name: row.file, bytes: new Keyring(masterKey(key)).open(row.content, attachmentAad(id)) }
}

export async function addAttachments(
  { db, ids, vault }: WriteCall,
  { document, version }: OfVersion,
  attachments: readonly NewAttachment[],
): Promise<void> {
  for (const { name: file, size, hash, bytes } of attachments) {
    const id = ids.uuid()
    const key = randomBytes(32)
    const sealed_key = vault.seal(key, attachmentKeyAad(id))
    const content = new Keyring(masterKey(key)).seal(bytes, attachmentAad(id))
    const row = { ...keyOf(document), id, version: version.number, file, size, hash, sealed_key, content }
    await tables<DocumentTables>(db).insertInto('document_attachment').values(row).execute()
  }
}

export function attachmentKeyAad(id: string): string {
  return `document-attachment-key:${id}`
}

function attachmentAad(id: string): string {
  return `document-attachment:${id}`
}
