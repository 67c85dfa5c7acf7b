/*
 * Plain HTTP requests. `fetch` would do, but it doubles the memory of an idle agent and cannot be given a certificate
 * authority.
 */
import * as http from 'node:http'
import * as https from 'node:https'

export type HttpRequest = {
  method: string
  url: URL
  headers?: { [name: string]: string }
  body?: string
  /** PEM of the only certificate authority to trust; absent: the system's. */
  ca?: string | undefined
  /** Longest silence, in milliseconds. */
  timeoutMs: number
  signal?: AbortSignal
}

export type HttpResponse = { status: number; headers: http.IncomingHttpHeaders; body: string }

/** Sends a request and collects the whole answer, whatever its status. Rejects when there is no whole answer. */
export async function httpRequest(request: HttpRequest): Promise<HttpResponse> {
  const response = await openHttp(request)
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }
}

/** Sends a request and resolves with the answer as it begins; its body is to be read by the caller. */
export function openHttp(request: HttpRequest): Promise<http.IncomingMessage> {
  const { method, url, headers, body, ca, timeoutMs, signal } = request
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const options = { method, headers: { ...headers, ...length }, timeout: timeoutMs, signal }
    const sent =
      url.protocol === 'https:' ? https.request(url, { ...options, ...(ca ? { ca } : {}) }) : http.request(url, options)
    sent.once('response', resolve)
    sent.once('error', reject)
    sent.once('timeout', () => sent.destroy(new Error(`${url.host} did not answer within ${timeoutMs / 1000} s`)))
    sent.end(body)
  })
}
