import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Connection } from './connection.ts'

/** The headers of a signed POST to the root of an endpoint; `headers` are those beyond the host's. */
export async function signedHeaders(
  { endpoint, region, credentials }: Connection,
  { service, headers: more, body }: { service: string; headers: Record<string, string>; body: Uint8Array },
  now: Date,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service, region, credentials: definedOnly(credentials), sha256: Sha256 })
  const headers = { host: endpoint.host, ...more }
  const request = { method: 'POST', protocol: endpoint.protocol, hostname: endpoint.hostname, path: endpoint.pathname }
  const signed = await signer.sign({ ...request, query: {}, headers, body }, { signingDate: now })
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
