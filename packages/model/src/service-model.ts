import { readFileSync } from 'node:fs'
import { type Shapes, shapeOf } from './compile.ts'
import { shapeChecks } from './constraints.ts'
import { SERVICE_NAMES, type ServiceName } from './generated/index.ts'
import { jsonReaders } from './json-reader.ts'
import { jsonWriters } from './json-writer.ts'
import { type DeclaredError, OperationModel } from './operation-model.ts'
import { outputChecks } from './output-check.ts'
import { sensitivePaths } from './sensitive-paths.ts'
import type { OperationTable, Protocol, ServiceMetadata, ServiceTable } from './service-table.ts'
import { violationFinders } from './violations.ts'

const CLIENT_ERROR = 400
const SERVER_ERROR = 500

/** What the model of one service says, and the code that follows from it. Operations are compiled at first use. */
export class ServiceModel {
  readonly name: string
  readonly metadata: ServiceMetadata
  readonly shapes: Shapes
  /** All operations, sorted, agents' own included. */
  readonly operations: readonly string[]
  readonly codecs: ReturnType<typeof compileCodecs>
  readonly #tables: Readonly<Record<string, OperationTable>>
  readonly #compiled = new Map<string, OperationModel>()
  readonly #errors: ReadonlyMap<string, DeclaredError>

  constructor(name: string, table: ServiceTable) {
    this.name = name
    this.metadata = table.metadata
    this.shapes = table.shapes
    this.operations = Object.keys(table.operations)
    this.codecs = compileCodecs(table.shapes)
    this.#tables = table.operations
    const exceptions = Object.keys(table.shapes).filter((shape) => shapeOf(table.shapes, shape).exception)
    this.#errors = new Map(exceptions.map((shape) => [this.declaredError(shape).code, this.declaredError(shape)]))
  }

  get protocol(): Protocol {
    return this.metadata.protocol
  }

  get targetPrefix(): string | undefined {
    return this.metadata.targetPrefix
  }

  get signingName(): string {
    return this.metadata.signingName ?? this.metadata.endpointPrefix
  }

  /** The operation of that name, or undefined when the service has none. */
  operation(name: string): OperationModel | undefined {
    const known = this.#compiled.get(name)
    if (known) return known
    if (!Object.hasOwn(this.#tables, name)) return undefined
    const operation = new OperationModel(this, name, this.#tables[name]!)
    this.#compiled.set(name, operation)
    return operation
  }

  /** Code and HTTP status of an exception shape. */
  declaredError(shapeName: string): DeclaredError {
    const shape = shapeOf(this.shapes, shapeName)
    const httpStatus = shape.error?.httpStatusCode ?? (shape.fault ? SERVER_ERROR : CLIENT_ERROR)
    return { code: shape.error?.code ?? shapeName, httpStatus, shapeName }
  }

  /** The HTTP status of an error code; 400 for codes the model does not know. */
  errorStatus(code: string): number {
    return this.#errors.get(code)?.httpStatus ?? CLIENT_ERROR
  }

  /** The member in which an error carries its message: `Message`, `message`, or none that the model knows. */
  errorMessageMember(code: string): string | undefined {
    const shapeName = this.#errors.get(code)?.shapeName
    if (shapeName === undefined) return undefined
    return Object.keys(shapeOf(this.shapes, shapeName).members ?? {}).find((name) => name.toLowerCase() === 'message')
  }

  /** Every error code of the model. */
  get errorCodes(): string[] {
    return [...this.#errors.keys()]
  }

  /** Paths below a shape that must not be logged. */
  sensitivePaths(shapeName: string): readonly string[] {
    return sensitivePaths(this.shapes, shapeName)
  }
}

function compileCodecs(shapes: Shapes) {
  return {
    reader: jsonReaders(shapes),
    check: shapeChecks(shapes),
    violations: violationFinders(shapes),
    writer: jsonWriters(shapes),
    outputCheck: outputChecks(shapes),
  }
}

const loaded = new Map<ServiceName, ServiceModel>()

/** The model of a service, or undefined when there is none of that name. Its table is read from disk at the first call. */
export function loadService(name: ServiceName): ServiceModel
export function loadService(name: string): ServiceModel | undefined
export function loadService(name: string): ServiceModel | undefined {
  return isServiceName(name) ? (loaded.get(name) ?? load(name)) : undefined
}

function isServiceName(name: string): name is ServiceName {
  return (SERVICE_NAMES as readonly string[]).includes(name)
}

function load(name: ServiceName): ServiceModel {
  const file = new URL(`../services/${name}.json`, import.meta.url)
  const model = new ServiceModel(name, JSON.parse(readFileSync(file, 'utf8')) as ServiceTable)
  loaded.set(name, model)
  return model
}

/** The service whose `X-Amz-Target` begins with this prefix. */
export function findByTargetPrefix(prefix: string): ServiceModel | undefined {
  return allServices().find((service) => service.targetPrefix === prefix)
}

/** The services that sign their requests with this name; a few share one. */
export function findServices(signingName: string): ServiceModel[] {
  return allServices().filter((service) => service.signingName === signingName)
}

function allServices(): ServiceModel[] {
  return SERVICE_NAMES.map((name) => loadService(name))
}
