/**
 * Secrets in HashiCorp Vault or OpenBao, in the secrets engine KV. A secret there is a map: where that has only `value`, this is the value,
 * else the whole map as JSON, as AWS Secrets Manager keeps such things. Versions are numbered: the latest is `AWSCURRENT`, the one
 * before it `AWSPREVIOUS`, and a number is a stage too.
 */
import {
  CURRENT,
  numberOfVersion,
  PREVIOUS,
  type Secret,
  type SecretStore,
  type SecretVersion,
  versionIdOf,
} from '#kernel/secret-store.ts'
import type { VaultSetting } from '#kernel/secret-store-setting.ts'
import {
  openSecretServer,
  refusedByStore,
  type SecretServer,
  type SecretServerAnswer,
  storeFailed,
} from './secret-server.ts'
import { segmentsOf } from './segments.ts'
import { VaultTokens } from './vault-tokens.ts'

/** A version in KV; what was deleted has no data. */
interface Stored {
  readonly number: number
  readonly data: Readonly<Record<string, unknown>> | undefined
  readonly createdAt: Date | undefined
}

export function openHashicorpVault(setting: VaultSetting): SecretStore {
  const server = openSecretServer(setting.caFile)
  const vault = new Vault(setting, server)
  return {
    url: `${setting.origin}/${setting.mount}`,
    read: (_scope, name, version) => vault.read(name, version),
    check: () => vault.check(),
    close: () => server.close(),
  }
}

class Vault {
  readonly #setting: VaultSetting
  readonly #server: SecretServer
  readonly #tokens: VaultTokens
  readonly #host: string

  constructor(setting: VaultSetting, server: SecretServer) {
    this.#setting = setting
    this.#server = server
    this.#host = new URL(setting.origin).host
    const post = (path: string, body: object) => this.#ask('POST', path, undefined, body)
    this.#tokens = new VaultTokens(setting.login, post, () => performance.now())
  }

  async check(): Promise<void> {
    const answer = await this.#asked('auth/token/lookup-self')
    if (answer.status !== 200) throw this.#fault(answer)
  }

  async read(name: string, version: SecretVersion): Promise<Secret | undefined> {
    const segments = segmentsOf(name)
    const latest = segments && (await this.#stored(segments))
    const number = latest && wantedNumber(version, latest.number)
    if (!number) return undefined
    const stored = number === latest.number ? latest : await this.#stored(segments, number)
    return stored?.data && toSecret(name, stored, latest.number)
  }

  /** The latest version, or that of a number. */
  async #stored(segments: readonly string[], number?: number): Promise<Stored | undefined> {
    const { mount, kvVersion } = this.#setting
    const inside = segments.map(encodeURIComponent).join('/')
    const root = mount.split('/').map(encodeURIComponent).join('/')
    const path = kvVersion === 1 ? `${root}/${inside}` : `${root}/data/${inside}`
    const answer = await this.#asked(number === undefined ? path : `${path}?version=${number}`)
    if (answer.status !== 200 && answer.status !== 404) throw this.#fault(answer)
    const stored = kvVersion === 1 ? onlyVersion(answer) : numberedVersion(answer)
    if (!stored && answer.status === 200)
      throw storeFailed(this.#host, `its answer is not one of KV version ${kvVersion}.`)
    return stored
  }

  async #asked(path: string): Promise<SecretServerAnswer> {
    const token = await this.#tokens.current()
    const answer = await this.#ask('GET', path, token)
    // A token may have ended before its time: whoever gave it may take it back.
    const other = answer.status === 403 ? await this.#tokens.insteadOf(token) : undefined
    return other === undefined ? answer : this.#ask('GET', path, other)
  }

  #ask(method: string, path: string, token: string | undefined, body?: object): Promise<SecretServerAnswer> {
    const { origin, namespace } = this.#setting
    return this.#server.ask({
      method,
      url: `${origin}/v1/${path}`,
      headers: {
        'x-vault-request': 'true',
        ...(token === undefined ? {} : { 'x-vault-token': token }),
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      },
      body: body === undefined ? '' : JSON.stringify(body),
    })
  }

  #fault({ status, body }: SecretServerAnswer): Error {
    const errors = Array.isArray(body.errors) ? body.errors.map(String).join(' ').trim() : ''
    const why = `it answered ${status}${errors && ` (${errors.replace(/\s+/g, ' ')})`}.`
    return status === 403 ? refusedByStore(this.#host, why) : storeFailed(this.#host, why)
  }
}

function wantedNumber(version: SecretVersion, latest: number): number | undefined {
  if ('id' in version) return numberOfVersion(version.id)
  if (version.stage === CURRENT) return latest
  if (version.stage === PREVIOUS) return latest - 1
  return /^\d{1,15}$/.test(version.stage) ? Number(version.stage) : undefined
}

function onlyVersion({ status, body }: SecretServerAnswer): Stored | undefined {
  return status === 200 ? { number: 1, data: mapIn(body, 'data'), createdAt: undefined } : undefined
}

/** What was deleted is answered with 404 too, but says which version it was. */
function numberedVersion({ body }: SecretServerAnswer): Stored | undefined {
  const found = mapIn(body, 'data') ?? {}
  const { version, created_time: created } = mapIn(found, 'metadata') ?? {}
  if (typeof version !== 'number') return undefined
  const createdAt = new Date(typeof created === 'string' ? created : Number.NaN)
  return {
    number: version,
    data: mapIn(found, 'data'),
    createdAt: Number.isNaN(createdAt.getTime()) ? undefined : createdAt,
  }
}

function mapIn(object: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> | undefined {
  const value = object[name]
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

function toSecret(name: string, { number, data = {}, createdAt }: Stored, latest: number): Secret {
  const { value } = data
  const isAlone = typeof value === 'string' && Object.keys(data).length === 1
  const stage = number === latest ? CURRENT : number === latest - 1 ? PREVIOUS : undefined
  return {
    arn: undefined,
    name,
    versionId: versionIdOf(number),
    versionStages: stage ? [stage] : [],
    text: isAlone ? value : JSON.stringify(data),
    createdAt,
  }
}
