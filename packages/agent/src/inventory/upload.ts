/*
 * Inventory on its way to the server. Of a type that has not changed since the server took it only the hash is sent; a server
 * that does not have that content says so, and gets everything.
 */
import { readFile } from 'node:fs/promises'
import type { JsonObject } from '@steward/protocol'
import { objectOr } from '#document/document.ts'
import { replaceFile } from '#durable-file.ts'
import { contentHash, type InventoryItem } from '#inventory/item.ts'
import { ServiceError } from '#server/ssm-client.ts'

export type UploadOptions = {
  /** PutInventory with these items. */
  put(items: JsonObject[]): Promise<void>
  /** Where the hashes of what the server has are kept. */
  hashesPath: string
  /** When it was collected. */
  captured: Date
}

const fileType = 'AWS:File'
/** Above this, files go in a call of their own. */
const largeBytes = 2 ** 20

/** Sends what was collected; answers why it could not, a sentence for each call that failed. */
export async function upload(items: InventoryItem[], options: UploadOptions): Promise<string[]> {
  const hashes = await readHashes(options.hashesPath)
  const failures: string[] = []
  for (const part of parts(items)) {
    try {
      await uploadPart(part, hashes, options)
    } catch (error) {
      const what = part.every(({ typeName }) => typeName === fileType) ? 'File inventory data' : 'inventory data'
      const why = (error as Error).message
      failures.push(`${what} could not be uploaded to Systems Manager. Additional troubleshooting information - ${why}`)
    }
  }
  await replaceFile(options.hashesPath, JSON.stringify(hashes))
  return failures
}

function parts(items: InventoryItem[]): InventoryItem[][] {
  const isFiles = ({ typeName }: InventoryItem) => typeName === fileType
  const others = items.filter((item) => !isFiles(item))
  const isSmall = Buffer.byteLength(JSON.stringify(items)) <= largeBytes
  if (isSmall || others.length === 0 || others.length === items.length) return [items]
  return [items.filter(isFiles), others]
}

async function uploadPart(items: InventoryItem[], hashes: Hashes, { put, captured }: UploadOptions): Promise<void> {
  const CaptureTime = `${captured.toISOString().slice(0, 19)}Z`
  const whole = items.map((item) => ({
    TypeName: item.typeName,
    SchemaVersion: item.schemaVersion,
    CaptureTime,
    ContentHash: contentHash(item),
    Content: item.content,
  }))
  const changed = whole.map(({ Content, ...item }) =>
    hashes[item.TypeName] === item.ContentHash ? item : { ...item, Content },
  )
  await put(changed).catch((error: unknown) => {
    if (!isUnknownContent(error)) throw error
    return put(whole)
  })
  for (const { TypeName, ContentHash } of whole) hashes[TypeName] = ContentHash
}

function isUnknownContent(error: unknown): boolean {
  return error instanceof ServiceError && /^(ItemContentMismatch|InvalidItemContent)Exception$/.test(error.code)
}

/** Hashes by type. */
type Hashes = { [typeName: string]: unknown }

/** A file that cannot be read makes everything new. */
async function readHashes(path: string): Promise<Hashes> {
  try {
    return objectOr(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return {}
  }
}
