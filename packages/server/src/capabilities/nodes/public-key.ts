import { createPublicKey } from 'node:crypto'
import { invalidPublicKey } from './errors.ts'

const MODULUS_BITS = 2048

/**
 * The key with which a node will sign, as base64 of its DER. Throws `ValidationException` for what is not an RSA key of
 * 2048 bits, which is what every agent makes (agent-protocol, 4.1).
 */
export function parsePublicKey(text: string, type: string | undefined): string {
  if (type !== undefined && type.toLowerCase() !== 'rsa') throw invalidPublicKey()
  const der = Buffer.from(text, 'base64')
  const canonical = der.toString('base64')
  // Buffer skips what is not base64; a key that does not come out as it went in is none.
  if (canonical !== text.trim() || !isRsa(der)) throw invalidPublicKey()
  return canonical
}

function isRsa(der: Buffer): boolean {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'rsa' && key.asymmetricKeyDetails?.modulusLength === MODULUS_BITS
  } catch {
    return false
  }
}
