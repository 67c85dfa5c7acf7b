import { randomUUID } from 'node:crypto'
import { readClaim } from '#iam/claim.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { HttpRequest, HttpResponse, RequestHead } from './http-message.ts'
import type { Asked } from './protocol.ts'
import { guessProtocol, resolve } from './resolve.ts'

/** The refusal of a request whose body is larger than `limit` bytes, in the protocol that its head tells. */
export function tooLarge(head: RequestHead, limit: number): HttpResponse {
  const message = `The request body is larger than the ${limit} bytes that the server takes.`
  const request: HttpRequest = Object.assign(head, { body: Buffer.alloc(0) })
  const asked = askedFor(request)
  const protocol = asked?.protocol ?? guessProtocol(request)
  const error = new ApiError('RequestEntityTooLargeException', message)
  return protocol.renderError(error, 413, { asked, requestId: randomUUID() })
}

/** Undefined where it takes the body to know. */
function askedFor(request: HttpRequest): Asked | undefined {
  try {
    return resolve(request, readClaim(request)?.service)
  } catch {
    return undefined
  }
}
