/** `STEWARD_SECRETS_URL`: which store of secrets there is, and how this server proves itself there. */
import { resolve } from 'node:path'

export type SecretStoreSetting = {
  /** What stands before every name: `steward/{account}`; empty for nothing. */
  readonly prefix: string
} & (VaultSetting | SecretsManagerSetting | SecretFilesSetting)

/** HashiCorp Vault or OpenBao, with its secrets engine KV. */
export interface VaultSetting {
  readonly kind: 'vault'
  /** Such as `https://vault.example.com:8200`. */
  readonly origin: string
  /** Where the secrets engine is mounted. */
  readonly mount: string
  readonly kvVersion: 1 | 2
  readonly namespace: string | undefined
  readonly login: VaultLogin
  readonly caFile: string | undefined
}

export type VaultLogin =
  | { readonly token: string }
  /** The file is read anew for each request. */
  | { readonly tokenFile: string }
  | AppRoleLogin

export interface AppRoleLogin {
  readonly roleId: string
  readonly secretId: string
  /** Where the method is mounted: `approle`, mostly. */
  readonly mount: string
}

/** AWS Secrets Manager, or what speaks its API. */
export interface SecretsManagerSetting {
  readonly kind: 'secrets-manager'
  /** `{region}` in it stands for the caller's Region. */
  readonly origin: string
  /** Undefined: the caller's. */
  readonly region: string | undefined
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly caFile: string | undefined
}

/** A folder with one file for each secret. */
export interface SecretFilesSetting {
  readonly kind: 'files'
  readonly folder: string
}

const VARIABLE = 'STEWARD_SECRETS_URL'
const FORMS =
  'vault+https://token:TOKEN@HOST:8200/MOUNT, vault+https://approle:ROLE_ID:SECRET_ID@HOST:8200/MOUNT, ' +
  'aws://KEYID:SECRET@amazonaws.com, or file:///FOLDER'

/** Undefined: there is none. Faults do not repeat the URL, since there are secrets in it. */
export function secretStoreSetting(
  env: Readonly<Record<string, string>>,
  faults: string[],
): SecretStoreSetting | undefined {
  const text = env[VARIABLE]
  if (!text) return undefined
  const [, kind, scheme, rest] = /^(vault|aws|file)(?:\+(https?))?:\/\/(.*)$/s.exec(text) ?? []
  const url = kind === 'file' ? text : `${scheme ?? 'https'}://${rest}`
  const parts = kind && !(kind === 'file' && scheme) && URL.canParse(url) ? new Parts(new URL(url)) : undefined
  const setting = parts && (kind === 'vault' ? vault(parts) : kind === 'aws' ? secretsManager(parts) : files(parts))
  if (setting && parts.unknown.length === 0) return { prefix: parts.take('prefix') ?? '', ...setting }
  const why = setting ? ` It has no option ${parts.unknown.join(', ')}.` : ''
  faults.push(`${VARIABLE}: must be a URL such as ${FORMS}.${why}`)
  return undefined
}

const OPTIONS = ['prefix', 'version', 'namespace', 'token_file', 'approle', 'region', 'ca']

/** What a URL says, decoded. */
class Parts {
  readonly origin: string
  readonly path: string
  readonly user: string
  readonly password: string
  readonly unknown: readonly string[]
  readonly #options: URLSearchParams

  constructor(url: URL) {
    this.origin = url.origin
    this.path = decoded(url.pathname)
    this.user = decoded(url.username)
    this.password = decoded(url.password)
    this.#options = url.searchParams
    this.unknown = [...url.searchParams.keys()].filter((name) => !OPTIONS.includes(name))
  }

  take(name: string): string | undefined {
    return this.#options.get(name) || undefined
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function vault(parts: Parts): VaultSetting | undefined {
  const mount = parts.path.replace(/^\/+|\/+$/g, '')
  const version = parts.take('version') ?? '2'
  const login = vaultLogin(parts)
  if (!mount || !login || (version !== '1' && version !== '2')) return undefined
  const namespace = parts.take('namespace')
  const kvVersion = version === '1' ? 1 : 2
  return { kind: 'vault', origin: parts.origin, mount, kvVersion, namespace, login, caFile: parts.take('ca') }
}

function vaultLogin(parts: Parts): VaultLogin | undefined {
  const { user, password } = parts
  const tokenFile = parts.take('token_file')
  if (user === '' && tokenFile) return { tokenFile: resolve(tokenFile) }
  if (user === 'token' && password) return { token: password }
  const [, roleId, secretId] = /^([^:]+):(.+)$/.exec(password) ?? []
  if (user !== 'approle' || !roleId || !secretId) return undefined
  return { roleId, secretId, mount: parts.take('approle') ?? 'approle' }
}

function secretsManager(parts: Parts): SecretsManagerSetting | undefined {
  const { origin, user: accessKeyId, password: secretAccessKey } = parts
  if (!accessKeyId || !secretAccessKey) return undefined
  const isAws = /^https:\/\/amazonaws\.com(?:\.cn)?$/.test(origin)
  return {
    kind: 'secrets-manager',
    origin: isAws ? origin.replace('//', '//secretsmanager.{region}.') : origin,
    region: parts.take('region'),
    accessKeyId,
    secretAccessKey,
    caFile: parts.take('ca'),
  }
}

function files({ path }: Parts): SecretFilesSetting | undefined {
  return path.length > 1 ? { kind: 'files', folder: resolve(path) } : undefined
}
