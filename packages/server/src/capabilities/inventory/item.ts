/** What PutInventory takes (INV-08, INV-09). Pure. */
import type { InventoryItem } from '@steward/model/generated/ssm.ts'
import type { Entry } from './entry-codec.ts'
import {
  invalidContext,
  invalidItemContent,
  invalidTypeName,
  itemSizeLimitExceeded,
  totalSizeLimitExceeded,
  unsupportedContext,
  unsupportedVersion,
} from './errors.ts'
import { AWS_TYPES, COMPLIANCE_ITEM, type InventoryType, isCustomName } from './inventory-type.ts'

const MB = 1024 * 1024
/** Of custom types, in one call as well as of one item. */
const CUSTOM_SIZE = MB
/** Of the other types: as much as agents send. */
const ITEM_SIZE = 3 * MB
const TOTAL_SIZE = 10 * MB

const CONTEXT_KEYS: readonly string[] = ['ComplianceType', 'ExecutionId', 'ExecutionType', 'ExecutionTime']

/** What a node reports of one type. */
export interface ReportedItem {
  readonly typeName: string
  readonly version: string
  readonly captureTime: string
  readonly contentHash: string | undefined
  /** Undefined: the same as when the hash was last told. */
  readonly content: { readonly entries: readonly Entry[]; readonly text: string } | undefined
}

/** Throws what is wrong with the first item that cannot be taken. */
export function checkedItems(items: readonly InventoryItem[]): ReportedItem[] {
  const twice = items.find(({ TypeName }, index) => items.findIndex((item) => item.TypeName === TypeName) < index)
  if (twice) throw invalidTypeName(twice.TypeName!, `${twice.TypeName} is there twice.`)
  const checked = items.map(checkedItem)
  checkSizes(checked)
  return checked
}

function checkedItem(item: InventoryItem): ReportedItem {
  const { TypeName = '', SchemaVersion = '', CaptureTime = '', ContentHash, Content, Context } = item
  const type = typeOf(TypeName)
  if (type && !type.versions.includes(SchemaVersion)) throw unsupportedVersion(TypeName, SchemaVersion)
  const context = contextOf(TypeName, Context)
  if (!Content && !ContentHash) throw invalidItemContent(TypeName, 'It has neither Content nor ContentHash.')
  for (const entry of Content ?? []) checkEntry(TypeName, type, entry)
  const entries = Content && context ? Content.map((entry) => ({ ...context, ...entry })) : Content
  return {
    typeName: TypeName,
    version: SchemaVersion,
    captureTime: CaptureTime,
    contentHash: ContentHash?.replaceAll('\0', '') || undefined,
    content: entries && { entries, text: JSON.stringify(entries) },
  }
}

/** Undefined for custom types. */
function typeOf(typeName: string): InventoryType | undefined {
  if (isCustomName(typeName)) return undefined
  const type = AWS_TYPES.get(typeName)
  if (!type) {
    const why = typeName.startsWith('Custom:') ? `${typeName}: behind the colon comes a capital letter.` : ''
    throw invalidTypeName(typeName, why)
  }
  if (type.isDerived) throw invalidTypeName(typeName, `Nobody reports ${typeName}: it follows from what is known.`)
  return type
}

function contextOf(typeName: string, context: InventoryItem['Context']): Entry | undefined {
  if (!context || Object.keys(context).length === 0) return undefined
  if (typeName !== COMPLIANCE_ITEM) throw unsupportedContext(typeName)
  const unknown = Object.keys(context).find((key) => !CONTEXT_KEYS.includes(key))
  if (unknown !== undefined) throw invalidContext(`${unknown} is none of ${CONTEXT_KEYS.join(', ')}.`)
  if (!context.ComplianceType) throw invalidContext('ComplianceType is missing.')
  return context
}

function checkEntry(typeName: string, type: InventoryType | undefined, entry: Entry): void {
  if (!type) return
  for (const name of Object.keys(entry)) {
    if (!type.attributes.includes(name)) throw invalidItemContent(typeName, `It has no attribute ${name}.`)
    if (type.numbers.has(name) && Number.isNaN(Number(entry[name])))
      throw invalidItemContent(typeName, `${name} is not a number: ${entry[name]}`)
  }
}

function checkSizes(items: readonly ReportedItem[]): void {
  const sizes = { custom: 0, all: 0 }
  for (const { typeName, content } of items) {
    const bytes = content ? Buffer.byteLength(content.text) : 0
    const limit = isCustomName(typeName) ? CUSTOM_SIZE : ITEM_SIZE
    if (bytes > limit) throw itemSizeLimitExceeded(typeName, limit)
    sizes.all += bytes
    if (isCustomName(typeName)) sizes.custom += bytes
  }
  if (sizes.custom > CUSTOM_SIZE) throw totalSizeLimitExceeded(CUSTOM_SIZE)
  if (sizes.all > TOTAL_SIZE) throw totalSizeLimitExceeded(TOTAL_SIZE)
}
