/**
 * Fetches what an issuer publishes. A certificate is good if this machine's authorities vouch for it, or if it or an authority that
 * signed it has a thumbprint that the account wrote down for the issuer: so issuers of private authorities can be trusted too.
 */
import { hash, X509Certificate } from 'node:crypto'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import type { Socket } from 'node:net'
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'

const LARGEST_ANSWER = 512 * 1024
const LONGEST_CHAIN = 8

/** The issuer could not be reached, or did not answer what an issuer answers. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable'
}

/** Posted to an issuer, once it is known to be the one. */
export interface Form {
  readonly fields: URLSearchParams
  readonly authorization: string | undefined
}

/** `thumbprints` are SHA-1 in hexadecimal. Redirects are not followed. Throws `IssuerUnreachable`. */
export async function fetchJson(
  url: string,
  thumbprints: readonly string[],
  signal: AbortSignal,
  form?: Form,
): Promise<unknown> {
  let response: IncomingMessage | undefined
  try {
    response = await ask(new URL(url), signal, thumbprints, form)
    if (response.statusCode !== 200) throw new Error(`HTTP status ${response.statusCode}`)
    return JSON.parse(await textOf(response))
  } catch (cause) {
    throw new IssuerUnreachable(`${url} did not answer as an issuer does.`, { cause })
  } finally {
    response?.destroy()
  }
}

/** Nothing is sent before the other side is known to be the one. */
function ask(
  url: URL,
  signal: AbortSignal,
  thumbprints: readonly string[],
  form: Form | undefined,
): Promise<IncomingMessage> {
  const headers = { accept: 'application/json', ...(form && formHeaders(form)) }
  const options = { signal, agent: false, method: form ? 'POST' : 'GET', headers }
  return new Promise((resolve, reject) => {
    const isPlain = url.protocol !== 'https:'
    const request = isPlain ? requestPlain(url, options) : requestTls(url, { ...options, rejectUnauthorized: false })
    request.on('response', resolve).on('error', reject)
    const send = () => request.end(form?.fields.toString())
    if (isPlain) send()
    else request.on('socket', (socket) => socket.once('secureConnect', () => sendToKnown(socket)))
    const sendToKnown = (socket: Socket) => {
      try {
        mustBeVouchedFor(socket as TLSSocket, url.hostname, thumbprints)
        send()
      } catch (error) {
        request.destroy(error as Error)
      }
    }
  })
}

function formHeaders({ authorization }: Form): Record<string, string> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return authorization === undefined ? type : { ...type, authorization }
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

function mustBeVouchedFor(socket: TLSSocket, hostname: string, thumbprints: readonly string[]): void {
  if (socket.authorized) return
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
