import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

/** An issuer of web identities on a free port of this machine. */
export class Issuer {
  readonly #server: Server
  readonly url: string
  readonly #key: CryptoKey
  readonly #mallory: CryptoKey
  requests = 0
  keysAreLost = false

  private constructor(server: Server, key: CryptoKey, mallory: CryptoKey, scheme: string) {
    this.#server = server
    this.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/realm`
    this.#key = key
    this.#mallory = mallory
  }

  static async start(tls?: { key: string; cert: string }): Promise<Issuer> {
    const { publicKey, privateKey } = await generateKeyPair('RS256')
    const other = await generateKeyPair('RS256')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
    const answer: RequestListener = (request, response) => {
      issuer.requests++
      if (request.url === '/realm/token') return void issuer.#exchange(request, response)
      const found = request.url === '/realm/.well-known/openid-configuration' || request.url === '/realm/keys'
      if (!found) return void response.writeHead(404).end()
      if (request.url!.endsWith('keys') && issuer.keysAreLost) return void response.writeHead(500).end()
      const content = request.url!.endsWith('keys')
        ? { keys: [jwk] }
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
    const issuer = new Issuer(server, privateKey, other.privateKey, tls ? 'https' : 'http')
    return issuer
  }

  /** A token of `sub` for `app`, good for ten minutes from `now`. */
  token(now: Date, claims: JWTPayload = {}, forged = false): Promise<string> {
    const seconds = Math.floor(now.getTime() / 1000)
    const payload = { iss: this.url, aud: 'app', sub: 'repo:main', iat: seconds, exp: seconds + 600, ...claims }
    const token = new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one' })
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
