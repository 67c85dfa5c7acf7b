/*
 * Inventory that others leave on the node: each `*.json` in a folder holds one type whose name begins with `Custom:`. A file
 * that is not as it must be is left out, with a sentence that says why.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { objectOr } from '#document/document.ts'
import type { Entry, InventoryItem } from '#inventory/item.ts'

/** INV-07 */
const limits = { files: 20, typeName: 100, attributes: 50, attributeName: 64, attributeValue: 4096 }

export type CustomInventory = { items: InventoryItem[]; complaints: string[] }

/** Reads a folder; one that does not exist holds nothing. Throws when there are more files than there may be types. */
export async function gatherCustom(folder: string): Promise<CustomInventory> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  if (names.length > limits.files)
    throw new Error(`Total custom inventory file count (${names.length}) exceed limit (${limits.files})`)
  const items = new Map<string, InventoryItem>()
  const complaints: string[] = []
  for (const name of names) {
    try {
      const item = parseCustom(await readFile(join(folder, name), 'utf8'))
      if (items.has(item.typeName)) throw new Error(`another file holds ${item.typeName} already`)
      items.set(item.typeName, item)
    } catch (error) {
      complaints.push(`${name} was left out: ${(error as Error).message}`)
    }
  }
  return { items: [...items.values()], complaints }
}

/** Throws with the reason when a text is not a type of inventory. */
export function parseCustom(text: string): InventoryItem {
  const { TypeName, SchemaVersion, Content } = objectOr(JSON.parse(text))
  if (typeof TypeName !== 'string' || !TypeName.startsWith('Custom:') || TypeName.length > limits.typeName)
    throw new Error(`TypeName must begin with Custom: and have at most ${limits.typeName} characters`)
  if (typeof SchemaVersion !== 'string' || !/^\d{1,6}\.\d{1,6}$/.test(SchemaVersion))
    throw new Error('SchemaVersion must be a version such as 1.0')
  if (typeof Content !== 'object' || Content === null) throw new Error('Content must be an object or a list of them')
  const content = (Array.isArray(Content) ? Content : [Content]).map(entry)
  return { typeName: TypeName, schemaVersion: SchemaVersion, content }
}

function entry(attributes: unknown): Entry {
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
    throw new Error('Content must be an object or a list of them')
  const pairs = Object.entries(attributes)
  if (pairs.length > limits.attributes) throw new Error(`an entry has more than ${limits.attributes} attributes`)
  for (const [name, value] of pairs) {
    if (name === '' || name.length > limits.attributeName)
      throw new Error(`the name of an attribute must have 1 to ${limits.attributeName} characters`)
    if (typeof value !== 'string') throw new Error(`the value of ${name} is not a string`)
    if (value.length > limits.attributeValue)
      throw new Error(`the value of ${name} has more than ${limits.attributeValue} characters`)
  }
  return Object.fromEntries(pairs)
}
