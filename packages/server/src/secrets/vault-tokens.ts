/**
 * The token with which Vault is asked. One that AppRole gave is kept in memory for nine tenths of its life; all who need one at the same
 * time share the login.
 */
import { readFile } from 'node:fs/promises'
import { ApiError } from '#kernel/api-error.ts'
import type { AppRoleLogin, VaultLogin } from '#kernel/secret-store-setting.ts'
import type { SecretServerAnswer } from './secret-server.ts'

/** Whoever is refused with a token as young as this is not helped by another. */
const YOUNG_MS = 30_000

interface Given {
  readonly token: string
  readonly at: number
  readonly until: number
}

export class VaultTokens {
  readonly #login: VaultLogin
  readonly #post: (path: string, body: object) => Promise<SecretServerAnswer>
  readonly #now: () => number
  #asking: Promise<Given> | undefined
  #last: Given | undefined

  /** `now` counts milliseconds and never goes back. */
  constructor(login: VaultLogin, post: (path: string, body: object) => Promise<SecretServerAnswer>, now: () => number) {
    this.#login = login
    this.#post = post
    this.#now = now
  }

  async current(): Promise<string> {
    if ('token' in this.#login) return this.#login.token
    if ('tokenFile' in this.#login) return tokenIn(this.#login.tokenFile)
    const given = await this.#loggedIn(this.#login)
    return this.#now() < given.until ? given.token : this.#loggedInAgain(this.#login, given)
  }

  /** Another token than this one, which is good no more; undefined if there is no getting one. */
  async insteadOf(old: string): Promise<string | undefined> {
    if (!('roleId' in this.#login)) return undefined
    const given = await this.#loggedIn(this.#login)
    if (given.token !== old) return given.token
    return this.#now() - given.at < YOUNG_MS ? undefined : this.#loggedInAgain(this.#login, given)
  }

  async #loggedInAgain(login: AppRoleLogin, old: Given): Promise<string> {
    if (this.#last === old) {
      this.#last = undefined
      this.#asking = undefined
    }
    return (await this.#loggedIn(login)).token
  }

  #loggedIn(login: AppRoleLogin): Promise<Given> {
    this.#asking ??= this.#logIn(login).catch((error) => {
      this.#asking = undefined
      throw error
    })
    return this.#asking
  }

  async #logIn({ roleId, secretId, mount }: AppRoleLogin): Promise<Given> {
    const at = this.#now()
    const { status, body } = await this.#post(`auth/${mount}/login`, { role_id: roleId, secret_id: secretId })
    const auth = body.auth as { client_token?: unknown; lease_duration?: unknown } | undefined
    const { client_token: token, lease_duration: seconds } = auth ?? {}
    if (status !== 200 || typeof token !== 'string') throw notLoggedIn(status)
    // A lease of 0 never ends.
    const life = typeof seconds === 'number' && seconds > 0 ? seconds * 900 : Number.POSITIVE_INFINITY
    this.#last = { token, at, until: at + life }
    return this.#last
  }
}

function notLoggedIn(status: number): ApiError {
  const code = status >= 500 || status === 429 ? 'ServiceUnavailable' : 'AccessDeniedException'
  return new ApiError(code, `The store of secrets does not let this server log in: it answered ${status}.`)
}

async function tokenIn(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw new ApiError('ServiceUnavailable', 'The token for the store of secrets cannot be read.', { cause })
  }
}
