/**
 * Fetches what an issuer publishes. A certificate is good if this machine's authorities vouch for it, or if it or an authority that
 * signed it has a thumbprint that the account wrote down for the issuer: so issuers of private authorities can be trusted too.
 */
import { hash, X509Certificate } from 'node:crypto'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { checkServerIdentity, type DetailedPeerCertificate, TLSSocket } from 'node:tls'

const LARGEST_ANSWER = 512 * 1024
const LONGEST_CHAIN = 8

/** The issuer could not be reached, or did not answer what an issuer answers. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable'
}

/** `thumbprints` are SHA-1 in hexadecimal. Redirects are not followed. Throws `IssuerUnreachable`. */
export async function fetchJson(url: string, thumbprints: readonly string[], signal: AbortSignal): Promise<unknown> {
  let response: IncomingMessage | undefined
  try {
    response = await get(new URL(url), signal)
    mustBeVouchedFor(response, new URL(url).hostname, thumbprints)
    if (response.statusCode !== 200) throw new Error(`HTTP status ${response.statusCode}`)
    return JSON.parse(await textOf(response))
  } catch (cause) {
    throw new IssuerUnreachable(`${url} did not answer as an issuer does.`, { cause })
  } finally {
    response?.destroy()
  }
}

/** The certificate is looked at once there is an answer: the request itself has nothing to hide. */
function get(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const options = { signal, agent: false, headers: { accept: 'application/json' } }
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? requestTls(url, { ...options, rejectUnauthorized: false }, resolve)
        : requestPlain(url, options, resolve)
    request.on('error', reject).end()
  })
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LARGEST_ANSWER) throw new Error('The answer is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function mustBeVouchedFor({ socket }: IncomingMessage, hostname: string, thumbprints: readonly string[]): void {
  if (!(socket instanceof TLSSocket) || socket.authorized) return
  const leaf = socket.getPeerCertificate(true)
  const wrongName = checkServerIdentity(hostname.replace(/^\[|\]$/g, ''), leaf)
  if (wrongName) throw wrongName
  const known = new Set(thumbprints.map((thumbprint) => thumbprint.toLowerCase()))
  if (!isPinned(leaf, known))
    throw new Error('Nobody vouches for the certificate.', { cause: socket.authorizationError })
}

/** Walks up from the server's certificate, checking each signature, to one whose thumbprint is known. */
function isPinned(leaf: DetailedPeerCertificate, thumbprints: ReadonlySet<string>): boolean {
  let link: DetailedPeerCertificate | undefined = leaf
  for (let length = 0; link?.raw && length < LONGEST_CHAIN; length++) {
    if (thumbprints.has(hash('sha1', link.raw, 'hex'))) return true
    const [certificate, issuer]: (X509Certificate | undefined)[] = [link, link.issuerCertificate].map(
      (one) => one?.raw && new X509Certificate(one.raw),
    )
    if (!certificate || !issuer?.ca || !certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) {
      return false
    }
    link = link.issuerCertificate
  }
  return false
}
