import * as crypto from 'node:crypto'

/**
 * SHA-256 of a payload by Node. The only import from Node in this package: the digest is synchronous and on the path of
 * every frame, where WebCrypto's promise would cost more than the hash. `crypto.hash` came with Node 20.12.
 */
export const sha256: (bytes: Uint8Array) => Uint8Array =
  typeof crypto.hash === 'function'
    ? (bytes) => crypto.hash('sha256', bytes, 'buffer')
    : (bytes) => crypto.createHash('sha256').update(bytes).digest()
