/** What went wrong with a call, in the form in which pages show it. */
export class Failure extends Error {
  /** AWS's code, such as `AccessDeniedException`; `ServerAway` when there was no answer. */
  readonly code: string
  readonly status: number | undefined
  readonly requestId: string | undefined

  constructor(fault: { code: string; message: string; status?: number | undefined; requestId?: string | undefined }) {
    super(fault.message)
    this.name = fault.code
    this.code = fault.code
    this.status = fault.status
    this.requestId = fault.requestId
  }
}

/** The failure behind whatever was thrown: by an SDK client, by our own calls, or by the browser. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (isSdkError(error)) {
    const { httpStatusCode: status, requestId } = error.$metadata
    // The API's own answers can be read; this one is of something in between, such as a proxy whose server is away.
    if (isUnreadable(error)) return new Failure({ code: 'ServerAway', message: error.message, status })
    if (status !== undefined) return new Failure({ code: error.name, message: error.message, status, requestId })
  }
  if (error instanceof TypeError) return new Failure({ code: 'ServerAway', message: error.message })
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  return new Failure({ code: name, message })
}

const FORBIDDEN = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationError'])
const SIGNED_OUT = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
])

/** The caller's policies refuse it; trying again does not help. */
export function isForbidden(error: unknown): boolean {
  return FORBIDDEN.has(failureOf(error).code)
}

/** The credentials are over; only signing in again helps. */
export function isSignedOut(error: unknown): boolean {
  return SIGNED_OUT.has(failureOf(error).code)
}

/** No answer: the server is stopped, or the network is gone. */
export function isAway(error: unknown): boolean {
  const { code, status } = failureOf(error)
  return code === 'ServerAway' || code === 'TimeoutError' || status === 502 || status === 504
}

/** SDK clients keep the answer that they could not make sense of. */
function isUnreadable(error: Error): boolean {
  return '$response' in error && !('$fault' in error)
}

function isSdkError(error: unknown): error is Error & { $metadata: { httpStatusCode?: number; requestId?: string } } {
  return error instanceof Error && typeof (error as { $metadata?: unknown }).$metadata === 'object'
}
