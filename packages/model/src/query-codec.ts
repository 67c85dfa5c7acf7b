// The AWS Query protocol: a form in, XML out. `Tags.member.1.Key=a` is the first element of the list `Tags`, and
// `Map.entry.1.key`/`.value` the first entry of a map; a flattened list or map leaves `member` or `entry` out.
import { type Shapes, shapeOf } from './compile.ts'
import type { OperationModel } from './operation-model.ts'
import type { ServiceModel } from './service-model.ts'
import type { ShapeReference, ShapeTable } from './service-table.ts'
import { fromText, toText } from './text-values.ts'
import { element, escapeText } from './xml.ts'

/** The form as a tree: `a.b=1` is the text `1` at the branch `b` of the branch `a`. */
interface FormTree {
  text?: string
  branches: Map<string, FormTree>
}

/** The input of an operation as a form carries it, ready for `validateInput`. Fields the input does not have are ignored. */
export function parseQueryInput(operation: OperationModel, form: URLSearchParams): Record<string, unknown> {
  if (!operation.inputShape) return {}
  const { shapes } = operation.service
  return structureFrom(shapes, shapeOf(shapes, operation.inputShape), treeOf(form))
}

function treeOf(form: URLSearchParams): FormTree {
  const root: FormTree = { branches: new Map() }
  for (const [key, text] of form) {
    let tree = root
    for (const step of key.split('.')) {
      const next: FormTree = tree.branches.get(step) ?? { branches: new Map() }
      tree.branches.set(step, next)
      tree = next
    }
    tree.text = text
  }
  return root
}

function structureFrom(shapes: Shapes, shape: ShapeTable, tree: FormTree): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const branch = tree.branches.get(member.locationName ?? name)
    if (branch) value[name] = valueFrom(shapes, member, branch)
  }
  return value
}

function valueFrom(shapes: Shapes, reference: ShapeReference, tree: FormTree): unknown {
  const shape = shapeOf(shapes, reference.shape)
  if (shape.type === 'structure') return structureFrom(shapes, shape, tree)
  if (shape.type === 'list') return listFrom(shapes, shape, tree)
  if (shape.type === 'map') return mapFrom(shapes, shape, tree)
  return fromText(shape, tree.text ?? '')
}

function listFrom(shapes: Shapes, shape: ShapeTable, tree: FormTree): unknown[] {
  const wrapper = shape.flattened ? tree : tree.branches.get(shape.member!.locationName ?? 'member')
  return numbered(wrapper).map((branch) => valueFrom(shapes, shape.member!, branch))
}

function mapFrom(shapes: Shapes, shape: ShapeTable, tree: FormTree): Record<string, unknown> {
  const wrapper = shape.flattened ? tree : tree.branches.get('entry')
  const entries = numbered(wrapper).map((branch): [string, unknown] => {
    const key = branch.branches.get(shape.key!.locationName ?? 'key')
    const value = branch.branches.get(shape.value!.locationName ?? 'value')
    return [key?.text ?? '', value ? valueFrom(shapes, shape.value!, value) : null]
  })
  return Object.fromEntries(entries)
}

/** The branches 1, 2, 3 … in that order, whatever order the form has. */
function numbered(tree: FormTree | undefined): FormTree[] {
  return [...(tree?.branches ?? [])]
    .filter(([step]) => /^\d+$/.test(step))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, branch]) => branch)
}

/** The answer of an operation in JSON, which callers get who ask for it: the same nesting, dates as epoch seconds. */
export function renderQueryJson(operation: OperationModel, output: object, requestId: string): string {
  const metadata = JSON.stringify({ RequestId: requestId })
  const result = operation.outputShape
    ? `${JSON.stringify(resultName(operation))}:${operation.renderOutput(inWholeSeconds(output) as object)},`
    : ''
  return `{${JSON.stringify(`${operation.name}Response`)}:{${result}"ResponseMetadata":${metadata}}}`
}

function resultName({ resultWrapper, name }: OperationModel): string {
  return resultWrapper ?? `${name}Result`
}

/** IAM and STS tell no fractions of seconds, and some of their callers read none. */
function inWholeSeconds(value: unknown): unknown {
  if (value instanceof Date) return new Date(Math.floor(value.getTime() / 1000) * 1000)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(inWholeSeconds)
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, inWholeSeconds(field)]))
}

/** The answer of an operation in XML, with the request id where SDKs look for it. */
export function renderQueryOutput(operation: OperationModel, output: object, requestId: string): string {
  const { shapes, metadata } = operation.service
  const result = operation.outputShape
    ? element(
        resultName(operation),
        structureXml(shapes, shapeOf(shapes, operation.outputShape), output as Record<string, unknown>),
      )
    : ''
  const response = result + element('ResponseMetadata', element('RequestId', escapeText(requestId)))
  return element(`${operation.name}Response`, response, metadata.xmlNamespace)
}

function structureXml(shapes: Shapes, shape: ShapeTable, value: Record<string, unknown>): string {
  return Object.entries(shape.members ?? {})
    .filter(([name]) => value[name] !== undefined && value[name] !== null)
    .map(([name, member]) => memberXml(shapes, member.locationName ?? name, member, value[name]))
    .join('')
}

function memberXml(shapes: Shapes, tag: string, reference: ShapeReference, value: unknown): string {
  const shape = shapeOf(shapes, reference.shape)
  if (shape.type === 'structure') return element(tag, structureXml(shapes, shape, value as Record<string, unknown>))
  if (shape.type === 'list') return listXml(shapes, tag, shape, value as unknown[])
  if (shape.type === 'map') return mapXml(shapes, tag, shape, value as Record<string, unknown>)
  return element(tag, escapeText(toText(shape, inWholeSeconds(value), 'iso8601')))
}

function listXml(shapes: Shapes, tag: string, shape: ShapeTable, value: readonly unknown[]): string {
  const inner = shape.flattened ? tag : (shape.member!.locationName ?? 'member')
  const elements = value.map((item) => memberXml(shapes, inner, shape.member!, item)).join('')
  return shape.flattened ? elements : element(tag, elements)
}

function mapXml(shapes: Shapes, tag: string, shape: ShapeTable, value: Record<string, unknown>): string {
  const entries = Object.entries(value).map(
    ([key, entry]) =>
      memberXml(shapes, shape.key!.locationName ?? 'key', shape.key!, key) +
      memberXml(shapes, shape.value!.locationName ?? 'value', shape.value!, entry),
  )
  if (shape.flattened) return entries.map((entry) => element(tag, entry)).join('')
  return element(tag, entries.map((entry) => element('entry', entry)).join(''))
}

/** An error in JSON. */
export function renderQueryErrorJson(
  error: { code: string; message: string; status: number },
  requestId: string,
): string {
  const { code: Code, message: Message, status } = error
  return JSON.stringify({ Error: { Code, Message, Type: typeOf(status) }, RequestId: requestId })
}

function typeOf(status: number): string {
  return status >= 500 ? 'Receiver' : 'Sender'
}

/** An error in XML. Without a service the document has no namespace, which clients do not mind. */
export function renderQueryError(
  service: ServiceModel | undefined,
  error: { code: string; message: string; status: number },
  requestId: string,
): string {
  const type = element('Type', typeOf(error.status))
  const told = element('Code', escapeText(error.code)) + element('Message', escapeText(error.message))
  const response = element('Error', type + told) + element('RequestId', escapeText(requestId))
  return element('ErrorResponse', response, service?.metadata.xmlNamespace)
}
