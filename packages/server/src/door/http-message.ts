import type { Readable } from 'node:stream'
import { ApiError } from '#kernel/api-error.ts'

/** One request, body read in full. */
export interface HttpRequest extends RequestHead {
  readonly body: Buffer
}

/** One request whose body is still to be read. Once it is over, what was not read is thrown away. */
export interface StreamedRequest extends RequestHead {
  readonly stream: AsyncIterable<Buffer>
}

export interface RequestHead {
  readonly method: string
  /** As sent, still encoded. */
  readonly path: string
  /** As sent, without `?`. */
  readonly query: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly sourceIp: string
  /** Whether it came over TLS. */
  readonly secure: boolean
  /** Aborted when the caller went away before it was answered. */
  readonly signal: AbortSignal
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A stream is for what is too large to hold; its `content-length` belongs in the headers. */
  readonly body: string | Uint8Array | Readable
}

export function header(request: Pick<HttpRequest, 'headers'>, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** The body as a JSON value; `{}` when empty. */
export function jsonBody(request: HttpRequest): unknown {
  if (request.body.length === 0) return {}
  try {
    return JSON.parse(request.body.toString('utf8'))
  } catch (cause) {
    throw new ApiError('SerializationException', 'The request body is not valid JSON.', { cause })
  }
}
