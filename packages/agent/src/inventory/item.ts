import { createHash } from 'node:crypto'

/** What one thing on the node is known by. The server takes texts only. */
export type Entry = { [attribute: string]: string }

/** All there is of one type of inventory; an empty content says that there is none. */
export type InventoryItem = { typeName: string; schemaVersion: string; content: Entry[] }

/** Tells contents apart; the server keeps it, so that an unchanged content need not be sent again. */
export function contentHash({ content }: InventoryItem): string {
  return createHash('md5').update(JSON.stringify(content)).digest('base64')
}
