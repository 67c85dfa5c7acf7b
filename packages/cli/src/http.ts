import * as http from 'node:http'
import * as https from 'node:https'
import { ServerAway } from './fault.ts'

export interface HttpQuestion {
  readonly method: string
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** PEM of the only authority to trust; undefined: the system's. */
  readonly ca?: string | undefined
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** The whole answer, whatever its status. Rejects with ServerAway when there is none, with the signal's reason when aborted. */
export async function ask(question: HttpQuestion): Promise<HttpAnswer> {
  try {
    return await exchange(question)
  } catch (error) {
    question.signal?.throwIfAborted()
    throw serverAway(question.url, error as NodeJS.ErrnoException)
  }
}

async function exchange({ method, url, headers, body, ca, timeoutMs, signal }: HttpQuestion): Promise<HttpAnswer> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const length = body ? { 'content-length': String(body.length) } : {}
    const options = { method, headers: { ...headers, ...length }, timeout: timeoutMs, signal }
    const request = url.protocol === 'https:' ? https.request(url, { ...options, ca }) : http.request(url, options)
    request.once('response', resolve)
    request.once('error', reject)
    request.once('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)))
    request.end(body)
  })
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }
}

function serverAway({ origin }: URL, error: NodeJS.ErrnoException): ServerAway {
  if (error.code === 'ECONNREFUSED') {
    return new ServerAway(`Nothing answers at ${origin}.`, {
      cause: error,
      mend: 'Start the server with npm start; npx steward doctor looks closer.',
    })
  }
  if (error.code === 'EPROTO' || error.code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return new ServerAway(`What answers at ${origin} does not speak TLS.`, {
      cause: error,
      mend: 'A server without TLS is at http://…, not at https://….',
    })
  }
  const untrusted = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(error.code ?? '')
  return new ServerAway(`${origin} could not be asked (${error.message || error.code}).`, {
    cause: error,
    mend: untrusted
      ? "AWS_CA_BUNDLE must name the server's ca.pem, and the certificate must name the host (STEWARD_HOSTNAMES)."
      : 'npx steward doctor looks closer.',
  })
}
