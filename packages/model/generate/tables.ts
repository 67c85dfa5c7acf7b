import type {
  OperationTable,
  Pagination,
  ServiceMetadata,
  ServiceTable,
  ShapeReference,
  ShapeTable,
} from '../src/service-table.ts'
import type { BotocoreModel, BotocoreOperation, BotocorePaginator, BotocoreShape } from './botocore.ts'

const METADATA: readonly (keyof ServiceMetadata)[] = [
  'apiVersion',
  'endpointPrefix',
  'globalEndpoint',
  'jsonVersion',
  'protocol',
  'serviceFullName',
  'serviceId',
  'signingName',
  'targetPrefix',
  'xmlNamespace',
]

const TRAITS: readonly (keyof ShapeTable)[] = [
  'type',
  'required',
  'members',
  'member',
  'key',
  'value',
  'enum',
  'min',
  'max',
  'pattern',
  'refusal',
  'refusals',
  'sensitive',
  'timestampFormat',
  'payload',
  'flattened',
  'union',
  'document',
  'streaming',
  'exception',
  'fault',
  'error',
]

const REFERENCE_TRAITS: readonly (keyof ShapeReference)[] = [
  'shape',
  'location',
  'locationName',
  'idempotencyToken',
  'jsonvalue',
  'flattened',
]

/** The compact table of a merged model: only traits that matter on the wire, operations and shapes sorted by name. */
export function toTable(model: BotocoreModel): ServiceTable {
  return {
    metadata: pick(model.metadata, METADATA),
    operations: mapSorted(model.operations, (op) => toOperation(op, model.paginators?.[op.name])),
    shapes: mapSorted(model.shapes, toShape),
  }
}

function toOperation(op: BotocoreOperation, paginator: BotocorePaginator | undefined): OperationTable {
  return {
    http: pick(op.http, ['method', 'requestUri', 'responseCode']),
    ...(op.input && { input: op.input.shape }),
    ...(op.output && { output: op.output.shape }),
    ...(op.output?.resultWrapper && { resultWrapper: op.output.resultWrapper }),
    ...(op.errors?.length && { errors: op.errors.map((error) => error.shape).sort() }),
    ...(paginator && { pagination: toPagination(paginator) }),
    ...(op.internal && { internal: true }),
  }
}

function toPagination(paginator: BotocorePaginator): Pagination {
  return {
    inputToken: paginator.input_token,
    outputToken: paginator.output_token,
    ...(paginator.limit_key && { limitKey: paginator.limit_key }),
    ...(paginator.more_results && { moreResults: paginator.more_results }),
    resultKeys: [paginator.result_key ?? []].flat(),
  }
}

function toShape(shape: BotocoreShape): ShapeTable {
  const table = pick(shape as ShapeTable, TRAITS)
  if (shape.members) table.members = mapValues(shape.members, toReference)
  if (shape.member) table.member = toReference(shape.member)
  if (shape.key) table.key = toReference(shape.key)
  if (shape.value) table.value = toReference(shape.value)
  return table
}

function toReference(reference: ShapeReference): ShapeReference {
  return pick(reference, REFERENCE_TRAITS)
}

function pick<T extends object>(from: T, keys: readonly (keyof T)[]): T {
  const kept: Partial<T> = {}
  for (const key of keys) if (from[key] !== undefined) kept[key] = from[key]
  return kept as T
}

function mapSorted<A, B>(from: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return mapValues(Object.fromEntries(Object.entries(from).sort(([a], [b]) => (a < b ? -1 : 1))), change)
}

function mapValues<A, B>(from: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, change(value)]))
}

/** The table as text: one line an operation or shape, so that a newer model gives a readable difference. */
export function printTable(table: ServiceTable, origin: string): string {
  const lines = (entries: Record<string, unknown>) =>
    Object.entries(entries)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n')
  return [
    '{',
    `  "origin": ${JSON.stringify(origin)},`,
    `  "metadata": ${JSON.stringify(table.metadata)},`,
    `  "operations": {\n${lines(table.operations)}\n  },`,
    `  "shapes": {\n${lines(table.shapes)}\n  }`,
    '}\n',
  ].join('\n')
}
