import { matchRestOperation, parseRestInput, renderRestOutput } from '@steward/model'
import { ApiError } from '#kernel/api-error.ts'
import { messageMember, wireCode } from './common-errors.ts'
import { jsonBody } from './http-message.ts'
import { inTodaysForm } from './older-routes.ts'
import type { Protocol } from './protocol.ts'

/** REST-JSON: the operation is method and path, input is spread over path, query, headers and body. */
export const restJson: Protocol = {
  parse(asked, operation, received) {
    const request = inTodaysForm(asked.service, received)
    const match = matchRestOperation(asked.service, request.method, request.path)
    if (!match)
      throw new ApiError('UnknownOperationException', `There is no operation at ${request.method} ${request.path}.`)
    return parseRestInput(operation, {
      labels: match.labels,
      query: new URLSearchParams(request.query),
      headers: request.headers,
      body: operation.hasPayloadBlob ? request.body : jsonBody(request),
    })
  },
  render(operation, output, requestId) {
    const { status, headers, body } = renderRestOutput(operation, output)
    return { status, headers: { 'content-type': 'application/json', ...headers, 'x-amzn-requestid': requestId }, body }
  },
  renderError(error, status, { asked, requestId }) {
    const code = asked ? wireCode(asked.service, error.code) : error.code
    const renamed = code === error.code ? undefined : asked?.service.errorStatus(code)
    return {
      status: renamed ?? STATUSES[code] ?? status,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': code },
      body: JSON.stringify({ [messageMember(asked?.service, code)]: error.message }),
    }
  },
}

/** Where errors that any operation may answer have another status here than in AWS JSON. */
const STATUSES: Readonly<Record<string, number>> = { AccessDeniedException: 403, ThrottlingException: 429 }
