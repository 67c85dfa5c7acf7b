/**
 * The one error that reaches a caller. `code` is an AWS error name, `message` is for the caller, `detail` for the log only.
 * No HTTP in it: the door finds the status in the service model.
 */
export class ApiError extends Error {
  readonly code: string
  readonly detail: unknown

  constructor(code: string, message = '', options: { cause?: unknown; detail?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ApiError'
    this.code = code
    this.detail = options.detail
  }
}
