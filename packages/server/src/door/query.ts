import {
  parseQueryInput,
  renderQueryError,
  renderQueryErrorJson,
  renderQueryJson,
  renderQueryOutput,
} from '@steward/model'
import { ApiError } from '#kernel/api-error.ts'
import { QUERY_NAMES, QUERY_STATUSES, wireCode } from './common-errors.ts'
import { type HttpRequest, header } from './http-message.ts'
import type { Asked, Protocol } from './protocol.ts'

/** How answers are written. */
interface Form {
  readonly contentType: string
  readonly output: typeof renderQueryOutput
  readonly error: typeof renderQueryError
}

/** The Query protocol: a form with `Action`, answered in XML. STS and IAM speak it. */
const inXml = answering({ contentType: 'text/xml', output: renderQueryOutput, error: renderQueryError })

/** The same for who asks for JSON, as those do who let others prove by a signed `GetCallerIdentity` who they are. */
const inJson = answering({
  contentType: 'application/json',
  output: renderQueryJson,
  error: (_service, error, requestId) => renderQueryErrorJson(error, requestId),
})

export function queryFor(request: Pick<HttpRequest, 'headers'>): Protocol {
  return /^application\/json\b/i.test(header(request, 'accept') ?? '') ? inJson : inXml
}

function answering({ contentType, output, error: errorBody }: Form): Protocol {
  const headers = (requestId: string) => ({ 'content-type': contentType, 'x-amzn-requestid': requestId })
  return {
    parse: (_asked, operation, request) => parseQueryInput(operation, queryForm(request)),
    render: (operation, value, requestId) => ({
      status: 200,
      headers: headers(requestId),
      body: output(operation, value, requestId),
    }),
    renderError(error, status, { asked, requestId }) {
      const code = nameOf(error.code, asked)
      const named = new ApiError(code, error.message)
      return {
        status: QUERY_STATUSES[code] ?? status,
        headers: headers(requestId),
        body: errorBody(asked?.service, { code: named.code, message: named.message, status }, requestId),
      }
    },
  }
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
