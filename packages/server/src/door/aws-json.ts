import { Readable } from 'node:stream'
import { messageMember, wireCode } from './common-errors.ts'
import { type HttpResponse, jsonBody } from './http-message.ts'
import type { Protocol } from './protocol.ts'

/** AWS JSON 1.0 and 1.1: `POST /`, the operation in `X-Amz-Target`, errors as `__type` and `message`. */
export function awsJson(version: '1.0' | '1.1'): Protocol {
  const respond = (status: number, requestId: string, body: string | Uint8Array): HttpResponse => ({
    status,
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amzn-requestid': requestId },
    body,
  })
  return {
    parse: (_asked, _operation, request) => jsonBody(request),
    render(operation, output, requestId) {
      const stream = Object.values(output).find((value) => value instanceof Readable)
      return stream ? streamed(stream, requestId) : respond(200, requestId, operation.renderOutput(output))
    },
    renderError(error, status, { asked, requestId }) {
      const __type = asked ? wireCode(asked.service, error.code) : error.code
      // Some of AWS's errors have no message, and then not an empty one either.
      const message = error.message === '' ? {} : { [messageMember(asked?.service, __type)]: error.message }
      return respond(status, requestId, JSON.stringify({ __type, ...message }))
    },
  }
}

/** An answer that goes on until one side ends it: server-sent events, which nothing on the way should hold back. */
function streamed(body: Readable, requestId: string): HttpResponse {
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
  return { status: 200, headers: { ...headers, 'x-amzn-requestid': requestId }, body }
}
