import { parseQueryInput, renderQueryError, renderQueryOutput } from '@steward/model'
import { ApiError } from '#kernel/api-error.ts'
import { QUERY_NAMES, QUERY_STATUSES } from './common-errors.ts'
import type { Protocol } from './protocol.ts'

/** The Query protocol: a form with `Action`, answered in XML. STS and IAM speak it. */
export const query: Protocol = {
  parse: (_asked, operation, request) => parseQueryInput(operation, queryForm(request)),
  render: (operation, output, requestId) => ({
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: renderQueryOutput(operation, output, requestId),
  }),
  renderError(error, status, { asked, requestId }) {
    const code = QUERY_NAMES[error.code] ?? error.code
    const named = new ApiError(code, error.message)
    return {
      status: QUERY_STATUSES[code] ?? status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: renderQueryError(asked?.service, { code: named.code, message: named.message, status }, requestId),
    }
  },
}

/** The form of a POST body, or of the query string for a presigned GET. */
export function queryForm(request: { method: string; query: string; body: Buffer }): URLSearchParams {
  return new URLSearchParams(request.method === 'GET' ? request.query : request.body.toString('utf8'))
}
