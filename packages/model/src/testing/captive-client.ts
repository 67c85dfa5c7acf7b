import { Readable } from 'node:stream'

/** A request as a client of AWS's SDK puts it on the wire. */
export interface WireRequest {
  method: string
  path: string
  query: Record<string, string | string[] | null>
  headers: Record<string, string>
  body: string
}

export interface WireResponse {
  status: number
  headers?: Record<string, string>
  body: string | Uint8Array
}

/** Configuration for an SDK client whose requests never leave the process: `answer` sees each and says what comes back. */
export function captive(answer: (request: WireRequest) => WireResponse) {
  return {
    region: 'us-east-1',
    endpoint: 'http://steward.test',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      async handle(raw: unknown) {
        const request = raw as WireRequest & { body?: unknown }
        const { status, headers = {}, body } = answer({ ...request, body: textOf(request.body) })
        return { response: { statusCode: status, headers, body: Readable.from([Buffer.from(body)]) } }
      },
    },
  }
}

function textOf(body: unknown): string {
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : String(body ?? '')
}
