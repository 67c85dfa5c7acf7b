import { createHash, X509Certificate } from 'node:crypto'
import { connect, type DetailedPeerCertificate } from 'node:tls'
import { tlsAddress } from '#server/tls-address.ts'

/**
 * Asks a server for its certificates and returns (PEM) the one whose public key has that pin, to be trusted from now on
 * as the only authority. The pin is `sha256//` and the base64 SHA-256 of the public key, as curl writes it. Throws when
 * no certificate of the server has it.
 */
export async function pinnedAuthority(url: URL, pin: string): Promise<string> {
  if (!/^sha256\/\/[A-Za-z0-9+/]{43}=$/.test(pin))
    throw new Error('A pin must be sha256// and 44 characters of base64.')
  const chain = await presentedChain(url)
  const found = chain.find((certificate) => pinOf(certificate) === pin)
  if (!found)
    throw new Error(`No certificate that ${url.host} presents has the pin ${pin}. Somebody may sit in between.`)
  return found.toString()
}

/** The pin of a certificate's public key. */
export function pinOf(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return `sha256//${createHash('sha256').update(key).digest('base64')}`
}

function presentedChain(url: URL): Promise<X509Certificate[]> {
  return new Promise((resolve, reject) => {
    // Nothing is trusted or sent on this connection; it only shows the certificates.
    const options = { ...tlsAddress(url), rejectUnauthorized: false }
    const socket = connect(options, () => {
      resolve(chainOf(socket.getPeerCertificate(true)))
      socket.destroy()
    })
    socket.setTimeout(15_000, () => socket.destroy(new Error(`${url.host} did not answer.`)))
    socket.once('error', reject)
  })
}

function chainOf(first: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = []
  // The last of a chain is its own issuer.
  for (let next = first; next?.raw && chain.length < 10; next = next.issuerCertificate) {
    chain.push(new X509Certificate(next.raw))
    if (next.issuerCertificate === next) break
  }
  return chain
}
