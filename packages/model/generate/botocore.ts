import type { ServiceMetadata, ShapeReference, ShapeTable } from '../src/service-table.ts'

/** What we read of a botocore model, of a file of `additions/`, and of the two merged. */
export interface BotocoreModel {
  metadata: ServiceMetadata
  operations: Record<string, BotocoreOperation>
  shapes: Record<string, BotocoreShape>
  paginators?: Record<string, BotocorePaginator>
  /**
   * Only in additions: members and enumeration values that a newer AWS has given to shapes of the model, or that are ours, the words in
   * which AWS refuses what does not match their pattern, and required members of whose absence an operation speaks itself.
   */
  extensions?: Record<string, Extension>
  /** Only in additions: the operations of this file are called by agents, never offered to users. */
  internal?: boolean
}

interface Extension {
  members?: Record<string, ShapeReference>
  enum?: string[]
  refusal?: string
  refusals?: Record<string, string>
  optional?: string[]
}

export interface BotocoreOperation {
  name: string
  http: { method: string; requestUri: string; responseCode?: number }
  input?: { shape: string }
  output?: { shape: string; resultWrapper?: string }
  errors?: { shape: string }[]
  internal?: boolean
}

export interface BotocorePaginator {
  input_token: string
  output_token: string
  limit_key?: string
  more_results?: string
  result_key?: string | string[]
}

export interface BotocoreShape extends Omit<ShapeTable, 'members' | 'member' | 'key' | 'value'> {
  members?: Record<string, ShapeReference>
  member?: ShapeReference
  key?: ShapeReference
  value?: ShapeReference
}

/** Lays additions over a model. What both define is an error: an addition never changes what AWS says. */
export function mergeModels(base: BotocoreModel, additions: readonly BotocoreModel[]): BotocoreModel {
  return additions.reduce(
    (merged, addition) => ({
      metadata: merged.metadata,
      operations: join('operation', merged.operations, flagInternal(addition)),
      shapes: extend(join('shape', merged.shapes, addition.shapes), addition.extensions ?? {}),
      paginators: join('paginator', merged.paginators ?? {}, addition.paginators ?? {}),
    }),
    base,
  )
}

function extend(
  shapes: Record<string, BotocoreShape>,
  extensions: NonNullable<BotocoreModel['extensions']>,
): Record<string, BotocoreShape> {
  const extended = Object.entries(extensions).map(([name, extension]): [string, BotocoreShape] => {
    const shape = shapes[name]
    if (!shape) throw new Error(`Additions extend a shape that the model does not have: ${name}`)
    return [name, extendShape(name, shape, extension)]
  })
  return { ...shapes, ...Object.fromEntries(extended) }
}

function extendShape(
  name: string,
  shape: BotocoreShape,
  { members, enum: values = [], refusal, refusals, optional = [] }: Extension,
): BotocoreShape {
  const strange = optional.filter((member) => !shape.required?.includes(member))
  if (strange.length > 0) throw new Error(`Additions make optional what is so already: ${name} ${strange.join(', ')}`)
  const twice = values.filter((value) => shape.enum?.includes(value))
  if (twice.length > 0) throw new Error(`Additions define again what the model has: ${name} ${twice.join(', ')}`)
  return {
    ...shape,
    ...(members && { members: join(`member of ${name}`, shape.members ?? {}, members) }),
    ...(values.length > 0 && { enum: [...(shape.enum ?? []), ...values] }),
    ...(refusal !== undefined && { refusal }),
    ...(refusals !== undefined && { refusals }),
    ...(optional.length > 0 && { required: shape.required?.filter((member) => !optional.includes(member)) }),
  }
}

/** The operations of a file, each marked `internal` when the whole file is. */
export function flagInternal(model: BotocoreModel): Record<string, BotocoreOperation> {
  if (!model.internal) return model.operations
  return Object.fromEntries(Object.entries(model.operations).map(([name, op]) => [name, { ...op, internal: true }]))
}

function join<T>(what: string, left: Record<string, T>, right: Record<string, T>): Record<string, T> {
  const twice = Object.keys(right).filter((name) => name in left)
  if (twice.length > 0) throw new Error(`Additions define again what the model has: ${what} ${twice.join(', ')}`)
  return { ...left, ...right }
}
