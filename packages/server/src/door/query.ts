import { parseQueryInput, renderQueryError, renderQueryOutput } from '@steward/model'
import { ApiError } from '#kernel/api-error.ts'
import { QUERY_NAMES, QUERY_STATUSES, wireCode } from './common-errors.ts'
import type { Asked, Protocol } from './protocol.ts'

/** The Query protocol: a form with `Action`, answered in XML. STS and IAM speak it. */
export const query: Protocol = {
  parse: (_asked, operation, request) => parseQueryInput(operation, queryForm(request)),
  render: (operation, output, requestId) => ({
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: renderQueryOutput(operation, output, requestId),
  }),
  renderError(error, status, { asked, requestId }) {
    const code = nameOf(error.code, asked)
    const named = new ApiError(code, error.message)
    return {
      status: QUERY_STATUSES[code] ?? status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: renderQueryError(asked?.service, { code: named.code, message: named.message, status }, requestId),
    }
  },
}

function nameOf(code: string, asked: Asked | undefined): string {
  // An operation may mean something of its own by the name, such as STS by an expired token that was handed in.
  // What breaks the model is called otherwise even where an operation has an error of that name, as `Publish` has.
  if (code !== 'ValidationException' && asked?.operation?.declares(code)) return code
  if (code === 'AccessDeniedException' && asked?.operation?.declares(SNS_REFUSAL)) return SNS_REFUSAL
  return asked ? wireCode(asked.service, code) : (QUERY_NAMES[code] ?? code)
}

/** SNS has a name of its own for what it does not allow. */
const SNS_REFUSAL = 'AuthorizationError'

/** The form in the body, or in the query string if there is no body: of a presigned GET. */
export function queryForm({ query, body }: { query: string; body: Buffer }): URLSearchParams {
  return new URLSearchParams(body.length === 0 ? query : body.toString('utf8'))
}
