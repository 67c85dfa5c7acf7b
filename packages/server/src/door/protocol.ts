/**
 * The wire protocols: how a request names its operation, how its input is read, how an answer and an error are written.
 * An operation file does not know which of them it is called through.
 */
import type { OperationModel, ServiceModel } from '@steward/model'
import type { ApiError } from '#kernel/api-error.ts'
import type { HttpRequest, HttpResponse } from './http-message.ts'

/** What a request asks for, before anything is known of its caller. */
export interface Asked {
  readonly service: ServiceModel
  readonly operationName: string
  /** Undefined when the service has no such operation. */
  readonly operation: OperationModel | undefined
  readonly protocol: Protocol
}

export interface Protocol {
  /** Reads the raw input; validation against the model comes after. Throws `SerializationException`. */
  parse(asked: Asked, operation: OperationModel, request: HttpRequest): unknown
  render(operation: OperationModel, output: object, requestId: string): HttpResponse
  renderError(error: ApiError, status: number, context: { asked: Asked | undefined; requestId: string }): HttpResponse
}
