import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

interface SigningKey {
  readonly key: CryptoKey
  readonly jwk: object
}

async function signingKey(kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }
}

/** An issuer of web identities on a free port of this machine. */
export class Issuer {
  readonly #server: Server
  readonly url: string
  #key: CryptoKey
  #jwk: object
  readonly #mallory: CryptoKey
  #kid = 'one'
  requests = 0
  keysAreLost = false

  private constructor(server: Server, { key, jwk }: SigningKey, mallory: CryptoKey, scheme: string) {
    this.#server = server
    this.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/realm`
    this.#key = key
    this.#jwk = jwk
    this.#mallory = mallory
  }

  static async start(tls?: { key: string; cert: string }): Promise<Issuer> {
    const other = await generateKeyPair('RS256')
    const answer: RequestListener = (request, response) => {
      issuer.requests++
      if (request.url === '/realm/token') return void issuer.#exchange(request, response)
      const found = request.url === '/realm/.well-known/openid-configuration' || request.url === '/realm/keys'
      if (!found) return void response.writeHead(404).end()
      if (request.url!.endsWith('keys') && issuer.keysAreLost) return void response.writeHead(500).end()
      const content = request.url!.endsWith('keys')
        ? { keys: [issuer.#jwk] }
        : {
            issuer: issuer.url,
            jwks_uri: `${issuer.url}/keys`,
            authorization_endpoint: `${issuer.url}/authorize`,
            token_endpoint: `${issuer.url}/token`,
          }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(content))
    }
    const server = tls ? createTlsServer(tls, answer) : createServer(answer)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const issuer = new Issuer(server, await signingKey('one'), other.privateKey, tls ? 'https' : 'http')
    return issuer
  }

  /** Signs with another key from now on, and publishes no other; `kid` is its name. */
  async changeKey(kid: string): Promise<void> {
    const { key, jwk } = await signingKey(kid)
    this.#key = key
    this.#jwk = jwk
    this.#kid = kid
  }

  /** A token of `sub` for `app`, good for ten minutes from `now`. */
  token(now: Date, claims: JWTPayload = {}, forged = false): Promise<string> {
    const seconds = Math.floor(now.getTime() / 1000)
    const payload = { iss: this.url, aud: 'app', sub: 'repo:main', iat: seconds, exp: seconds + 600, ...claims }
    const token = new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: this.#kid })
    return token.sign(forged ? this.#mallory : this.#key)
  }

  /** What the server is answered that exchanges a code; set by tests of single sign-on. */
  onExchange: (form: URLSearchParams, authorization: string | undefined) => Promise<object> = async () => ({})

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request))
    const answer = await this.onExchange(form, request.headers.authorization)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    if (this.#server.listening) await this.stop()
  }
}
