import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Connection } from './connection.ts'

export interface ToSign {
  readonly service: string
  /** Beyond the host's. */
  readonly headers: Record<string, string>
  readonly body: Uint8Array
  readonly method?: 'GET' | 'POST'
  /** Undefined: the endpoint's. */
  readonly path?: string | undefined
  /** The names of parameters without a value. */
  readonly subresources?: readonly string[]
}

/** The headers of a signed request to an endpoint; a POST to its root unless it says otherwise. */
export async function signedHeaders(
  { endpoint, region, credentials }: Connection,
  { service, headers: more, body, method = 'POST', path = endpoint.pathname, subresources = [] }: ToSign,
  now: Date,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service, region, credentials: definedOnly(credentials), sha256: Sha256 })
  const headers = { host: endpoint.host, ...more }
  const request = { method, protocol: endpoint.protocol, hostname: endpoint.hostname, path }
  const query = Object.fromEntries(subresources.map((name) => [name, '']))
  const signed = await signer.sign({ ...request, query, headers, body }, { signingDate: now })
  return signed.headers
}

function definedOnly({ sessionToken, ...key }: Connection['credentials']) {
  return sessionToken === undefined ? key : { ...key, sessionToken }
}

/** Node's SHA-256 in the shape that the signer takes. */
class Sha256 {
  readonly #hash: Hash | Hmac

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }

  update(data: Uint8Array): void {
    this.#hash.update(data)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

function bytesOf(secret: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof secret === 'string') return secret
  return ArrayBuffer.isView(secret)
    ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
    : new Uint8Array(secret)
}
