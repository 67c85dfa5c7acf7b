/** What the requests of nodes that open channels have in common: who may make them, and answers in XML, which is all that agents read. */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Authenticator } from '#door/authenticate.ts'
import { conditionKeys } from '#door/condition-keys.ts'
import type { HttpRequest, HttpResponse } from '#door/http-message.ts'
import { readClaim } from '#iam/claim.ts'
import { decide } from '#iam/decide.ts'
import { requestContext } from '#iam/policy/request-context.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Clock } from '#kernel/clock.ts'
import type { NodeRef } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Logger } from '#kernel/logger.ts'
import { arn } from '#kernel/scope.ts'

export interface NodeRequestsParts {
  readonly authenticator: Authenticator
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
}

export type XmlResponse = HttpResponse & { readonly body: string }

export class NodeRequests {
  readonly #parts: NodeRequestsParts

  constructor(parts: NodeRequestsParts) {
    this.#parts = parts
  }

  /** The node that the request proves to come from, if it may do that. Throws `ApiError`; also if it is another than `nodeId`. */
  async prove(request: HttpRequest, action: string, nodeId?: string): Promise<NodeRef> {
    const now = this.#parts.clock.now()
    const wanted = { how: 'sigv4', service: 'ssmmessages', now, sourceIp: request.sourceIp } as const
    const caller = await this.#parts.authenticator.identify(request, readClaim(request), wanted)
    const { principal, policies } = caller
    if (principal.kind === 'node') {
      const scope = { account: principal.account, region: principal.region }
      const node = { scope, nodeId: nodeId ?? principal.nodeId }
      const resource = arn(scope, 'ssm', `managed-instance/${node.nodeId}`)
      const demand = {
        action,
        resource,
        // Most roles of nodes are told of no conditions, and a fleet that comes back asks twice for each node.
        get context() {
          return requestContext(conditionKeys(request, principal, policies, scope.region, now))
        },
      }
      if (decide(caller, demand).allowed) return node
    }
    const refusal = new ApiError(
      'AccessDeniedException',
      `${principal.arn} may not do ${action} as ${nodeId ?? 'a node'}.`,
    )
    if (principal.kind === 'node') this.#parts.authenticator.refused(principal.nodeId, refusal, request.sourceIp, now)
    throw refusal
  }

  /** Status 201 and a token, whatever the request looked like: agents accept nothing else. */
  tokenResponse(operation: 'CreateControlChannel' | 'CreateDataChannel', token: string): XmlResponse {
    return this.#xml(
      201,
      `<${operation}Response xmlns="http://ssmmessages.amazonaws.com/doc/2017-11-01/">` +
        `<MessageSchemaVersion>1.0</MessageSchemaVersion><TokenValue>${token}</TokenValue></${operation}Response>`,
    )
  }

  errorResponse(error: unknown): XmlResponse {
    if (!(error instanceof ApiError)) {
      this.#parts.log.error({ err: error }, 'channel failed')
      return this.#xml(500, '<InternalServerError/>')
    }
    this.#parts.log.info({ code: error.code, reason: error.message, err: error.cause }, 'channel refused')
    // The agent searches the body for this element: it decides whether it goes back to the long poll.
    const body = `<${error.code}><Message>${error.message.replace(/[<&]/g, ' ')}</Message></${error.code}>`
    return this.#xml(error.code === 'ServiceUnavailable' ? 503 : 403, body)
  }

  #xml(status: number, body: string): XmlResponse {
    const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': this.#parts.ids.uuid() }
    return { status, headers, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n` }
  }
}

/** Answers a request for a WebSocket with an ordinary error. */
export function refuse(socket: Duplex, { status, headers, body }: XmlResponse): void {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${head.join('')}\r\n${body}`,
  )
}
