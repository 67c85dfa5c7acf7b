/** A delivery that did not succeed. */
export class DeliveryFailed extends Error {
  override readonly name = 'DeliveryFailed'
  /** A word for lists of failures. */
  readonly code: string
  /** Whether another attempt makes sense. */
  readonly retry: boolean
  /** The receiver asks to be left alone for so long. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: string,
    message: string,
    options: { retry: boolean; retryAfterSeconds?: number | undefined; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retry = options.retry
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
