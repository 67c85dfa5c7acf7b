import { SerializationError } from './json-reader.ts'
import { payloadMember } from './rest-bindings.ts'
import type { ServiceModel } from './service-model.ts'
import type { HttpBinding, OperationTable, Pagination } from './service-table.ts'

/** What became of a request body: the value handlers get, or why AWS would refuse it. */
export interface InputVerdict {
  /** The input with dates and bytes converted and unknown members dropped. Only to be used when nothing is wrong. */
  value: Record<string, unknown>
  /** What the constraints of the model forbid, in AWS's words and order; `validationMessage` joins them. */
  violations: string[]
  /** The message of a `SerializationException` when a member has the wrong JSON type; the rest is then empty. */
  typeError?: string
}

/** An error that an operation declares. */
export interface DeclaredError {
  code: string
  httpStatus: number
  shapeName: string
}

/** One operation of a service: how its input is read and judged, and how its output is written. */
export class OperationModel {
  readonly service: ServiceModel
  readonly name: string
  /** Called by agents only, not part of the public API. */
  readonly internal: boolean
  readonly http: HttpBinding
  readonly inputShape: string | undefined
  readonly outputShape: string | undefined
  readonly resultWrapper: string | undefined
  readonly errors: readonly DeclaredError[]
  readonly pagination: Pagination | undefined
  readonly #read: (raw: unknown) => unknown
  readonly #accepts: (value: unknown) => boolean
  readonly #explain: (value: unknown) => string[]
  readonly #write: (value: unknown) => unknown
  readonly #inspect: (value: unknown) => string[]
  #sensitiveInputPaths: readonly string[] | undefined

  constructor(service: ServiceModel, name: string, table: OperationTable) {
    this.service = service
    this.name = name
    this.internal = table.internal ?? false
    this.http = table.http
    this.inputShape = table.input
    this.outputShape = table.output
    this.resultWrapper = table.resultWrapper
    this.pagination = table.pagination
    this.errors = (table.errors ?? []).map((shape) => service.declaredError(shape))
    const { codecs } = service
    this.#read = table.input ? codecs.reader(table.input) : () => ({})
    this.#accepts = table.input ? codecs.check(table.input) : () => true
    this.#explain = table.input ? codecs.violations(table.input) : () => []
    this.#write = table.output ? codecs.writer(table.output) : () => ({})
    this.#inspect = table.output ? codecs.outputCheck(table.output) : () => []
  }

  /** Reads and judges a parsed JSON body, or what the parser of another protocol made of its request. */
  validateInput(raw: unknown): InputVerdict {
    try {
      const value = this.#read(raw) as Record<string, unknown>
      return { value, violations: this.#accepts(value) ? [] : this.#explain(value) }
    } catch (error) {
      if (error instanceof SerializationError) return { value: {}, violations: [], typeError: error.message }
      // Shapes that contain themselves let a client nest without end; that is its mistake, not ours.
      if (error instanceof RangeError) return { value: {}, violations: [], typeError: 'Nesting is too deep' }
      throw error
    }
  }

  /** The body of a successful answer in AWS JSON: as bytes if some of it was written already. */
  renderOutput(value: object): string | Uint8Array {
    for (const member of Object.values(value)) if (member instanceof Written) return this.#renderWritten(value)
    return JSON.stringify(this.#write(value))
  }

  #renderWritten(value: object): Uint8Array {
    const others: Record<string, unknown> = {}
    const parts: Uint8Array[] = []
    for (const [name, member] of Object.entries(value)) {
      if (member instanceof Written) parts.push(Buffer.from(`${parts.length > 0 ? ',' : ''}"${name}":`), member.bytes)
      else others[name] = member
    }
    const rest = JSON.stringify(this.#write(others)).slice(1)
    return Buffer.concat([Buffer.from('{'), ...parts, Buffer.from(rest === '}' ? rest : `,${rest}`)])
  }

  /**
   * A member of the output that is written already, for answers that are given again and again: writing it takes longer than
   * everything else. It stands in the output for the value, which nobody may change any more. AWS JSON only.
   */
  written<T>(member: string, value: T): T {
    const { shape } = this.service.shapes[this.outputShape!]!.members![member]!
    return new Written(value, Buffer.from(JSON.stringify(this.service.codecs.writer(shape)(value)))) as T
  }

  /** What is wrong with a handler's output; for tests and development. */
  checkOutput(value: unknown): string[] {
    return this.#inspect(unwritten(value))
  }

  /** REST: the body of the request is bytes, not JSON. */
  get hasPayloadBlob(): boolean {
    const payload = this.inputShape ? payloadMember(this.service.shapes, this.inputShape) : undefined
    return payload?.type === 'blob'
  }

  /** True when the operation may answer with this error. */
  declares(code: string): boolean {
    return this.errors.some((error) => error.code === code)
  }

  /** Paths of the input that must not be logged, such as `Parameters` or `Tasks[].Payload`; `{}` stands for map values. */
  get sensitiveInputPaths(): readonly string[] {
    this.#sensitiveInputPaths ??= this.inputShape ? this.service.sensitivePaths(this.inputShape) : []
    return this.#sensitiveInputPaths
  }
}

class Written {
  readonly value: unknown
  /** JSON. As text it would have to be turned into bytes for each answer. */
  readonly bytes: Uint8Array

  constructor(value: unknown, bytes: Uint8Array) {
    this.value = value
    this.bytes = bytes
  }
}

/** The output as if nothing of it had been written before. */
function unwritten(output: unknown): unknown {
  if (typeof output !== 'object' || output === null) return output
  const members = Object.entries(output).map(([name, member]) => [
    name,
    member instanceof Written ? member.value : member,
  ])
  return Object.fromEntries(members)
}
