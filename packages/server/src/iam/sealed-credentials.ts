/**
 * Temporary credentials that need no table: the session token is the sealed statement of whose they are and until when.
 * It is encrypted and authenticated with a key that never leaves the server's data directory, so it survives restarts,
 * works on every server that shares the key, and cannot be forged or read.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { SessionToIssue } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'

const CIPHER = 'aes-256-gcm'
const CACHED_TOKENS = 20_000

export interface TemporaryCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}

/** What a session token states: whose it is, and until when (epoch milliseconds). */
export type Session = (NodeSession | SessionToIssue) & { readonly accessKeyId: string; readonly expires: number }

interface NodeSession {
  readonly kind: 'node'
  readonly account: string
  readonly region: string
  readonly nodeId: string
  readonly role: string
}

/** A session with the secret that goes with it. */
interface Opened {
  readonly session: Session
  readonly secret: string
}

export class SealedCredentials {
  readonly #key: Buffer
  readonly #opened = new Map<string, Opened>()

  /** `key` is 32 secret bytes. */
  constructor(key: Buffer) {
    this.#key = key
  }

  issue(session: (NodeSession | SessionToIssue) & { readonly expires: number }): TemporaryCredentials {
    const accessKeyId = `ASIA${randomIds.secret(16).toUpperCase()}`
    return {
      accessKeyId,
      secretAccessKey: this.#secret(accessKeyId),
      sessionToken: this.#seal({ ...session, accessKeyId }),
      expiration: new Date(session.expires),
    }
  }

  /** What the token states, with the secret that goes with it; undefined if we did not make it or the key id is another's. */
  open(accessKeyId: string, sessionToken: string): Opened | undefined {
    const opened = this.#opened.get(sessionToken) ?? this.#unseal(sessionToken)
    return opened?.session.accessKeyId === accessKeyId ? opened : undefined
  }

  #secret(accessKeyId: string): string {
    return createHmac('sha256', this.#key).update(`secret:${accessKeyId}`).digest('base64').slice(0, 40)
  }

  #seal(session: Session): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv(CIPHER, this.#key, nonce)
    const sealed = Buffer.concat([cipher.update(JSON.stringify(session), 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  #unseal(token: string): Opened | undefined {
    const bytes = Buffer.from(token, 'base64url')
    if (bytes.length < 29) return undefined
    try {
      const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
      const session = JSON.parse(text) as Session
      if (this.#opened.size >= CACHED_TOKENS) this.#opened.delete(this.#opened.keys().next().value!)
      const opened = { session, secret: this.#secret(session.accessKeyId) }
      this.#opened.set(token, opened)
      return opened
    } catch {
      return undefined
    }
  }
}
