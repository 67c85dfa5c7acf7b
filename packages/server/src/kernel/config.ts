import { isIPv4 } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { SERVICE_NAMES } from '@steward/model/generated/index.ts'
import type { Features } from './declare.ts'
import { parseRange } from './outbound-addresses.ts'
import { isRegion } from './scope.ts'
import { type SecretStoreSetting, secretStoreSetting } from './secret-store-setting.ts'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** What the environment says, as text. The only reader of `process.env`. */
export function readEnv(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const known: Record<string, string> = {}
  for (const [name, value] of Object.entries(env))
    if (name.startsWith('STEWARD_') && value !== undefined) known[name] = value
  return known
}

export interface Address {
  readonly host: string
  readonly port: number
}

export interface Config {
  /** Absolute path of the data directory. */
  readonly data: string
  readonly http: Address
  /** Undefined when switched off with `STEWARD_HTTPS=off`. */
  readonly https: Address | undefined
  /** Host names and addresses beyond this machine's own that the TLS certificate is for. */
  readonly hostnames: readonly string[]
  /** Empty for the embedded SQLite. */
  readonly databaseUrl: string
  readonly localNode: boolean
  readonly account: string
  readonly region: string
  /** Undefined: generated at the first start and kept in the data directory. */
  readonly rootKey: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  readonly masterKey: MasterKeySetting
  /** The ids of master keys that the operator says are gone for good. */
  readonly lostMasterKeyIds: readonly string[]
  readonly testMode: boolean
  readonly logLevel: string
  /** Days that ended commands are kept. */
  readonly commandRetentionDays: number
  /** Days that ended sessions are kept. */
  readonly sessionRetentionDays: number
  /** Days that recordings of ended sessions are kept. */
  readonly recordingRetentionDays: number
  /** Days that audit records are kept. */
  readonly auditRetentionDays: number
  readonly rateLimits: RateLimits
  /** How many threads may answer reads beside the first one, while there is much to do. */
  readonly readingThreads: number
  /** Ranges of addresses that webhooks and subscriptions may reach although they are not of the open Internet. */
  readonly webhookAllow: readonly string[]
  /** Where others reach this server, without a slash at the end; undefined: at its listeners' own addresses. */
  readonly publicUrl: string | undefined
  /** The mail server for e-mail subscriptions; undefined: there are none. */
  readonly mail: { readonly url: string; readonly from: string } | undefined
  /** In the order in which people are offered them. */
  readonly singleSignOn: readonly SingleSignOn[]
  /** Where buckets are that this installation does not have; undefined: nowhere. */
  readonly remoteBuckets: RemoteBucketsSetting | undefined
  /** Where secrets are that Parameter Store refers to; undefined: nowhere. */
  readonly secretStore: SecretStoreSetting | undefined
}

/** Another service that speaks S3's API, and a key that may write there. */
export interface RemoteBucketsSetting {
  /** Without a slash at the end. */
  readonly url: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** An OpenID Connect provider at which people sign in, and the role that they then have. */
export interface SingleSignOn {
  /** `oidc`; of further ones `oidc-2` and so on. */
  readonly id: string
  /** As people know it. */
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  /** Empty for a public client. */
  readonly clientSecret: string
  readonly roleArn: string
  readonly scopes: string
}

/** Where the master key comes from, under which all secrets in the database are sealed. */
export type MasterKeySetting =
  | { readonly kind: 'data-directory' }
  | { readonly kind: 'file'; readonly path: string }
  /** In base64, the one that seals first. */
  | { readonly kind: 'environment'; readonly keys: readonly string[] }
  | { readonly kind: 'passphrase'; readonly passphrase: string; readonly previous: string | undefined }

/** How often an account may call a family of operations: the rate in the long run, and how many at once. */
export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
}

/** By family, such as `parameters-read`; `default` is for those that are not named. */
export type RateLimits = Readonly<Record<string, RateLimit>>

const RATE_LIMITS: RateLimits = { default: { perSecond: 20_000, burst: 40_000 } }

/** What a rate limit may be set for: `default`, what only nodes call, parameters, and each service's own. */
const FAMILIES: ReadonlySet<string> = new Set([
  'default',
  'agents',
  'parameters-read-high',
  ...['parameters', ...SERVICE_NAMES.filter((name) => name !== 'ec2messages'), 's3'].flatMap((name) => [
    `${name}-read`,
    `${name}-write`,
  ]),
])

/** Each needs memory of its own. */
const MOST_READING_THREADS = 4

/** The configuration that `env` describes, or one error that lists every fault of it. */
export function toConfig(env: Readonly<Record<string, string>>, workingDirectory: string): Config {
  const faults: string[] = []
  const testMode = flag(env, 'STEWARD_TEST_MODE', false, faults)
  const http = address(env, 'STEWARD_HTTP', '127.0.0.1:8470', faults)
  const https = env.STEWARD_HTTPS === 'off' ? undefined : address(env, 'STEWARD_HTTPS', '127.0.0.1:8471', faults)
  if (!isLoopback(http.host) && env.STEWARD_HTTP_INSECURE !== 'yes') {
    faults.push(
      `STEWARD_HTTP: ${http.host} is not a loopback address, and this listener has no TLS. Use STEWARD_HTTPS for other ` +
        'machines, or set STEWARD_HTTP_INSECURE=yes if something in front of it provides TLS.',
    )
  }
  if (testMode && !(isLoopback(http.host) && (!https || isLoopback(https.host)))) {
    faults.push('STEWARD_TEST_MODE: only with loopback addresses, because anybody who reaches it may empty it.')
  }
  if (env.STEWARD_ACCOUNT && !/^\d{12}$/.test(env.STEWARD_ACCOUNT)) faults.push('STEWARD_ACCOUNT: must be 12 digits.')
  const region = env.STEWARD_REGION || 'us-east-1'
  if (!isRegion(region)) faults.push('STEWARD_REGION: must be 1 to 64 letters, digits and hyphens.')
  const databaseUrl = env.STEWARD_DATABASE_URL ?? ''
  if (databaseUrl !== '' && !(/^postgres(ql)?:\/\//.test(databaseUrl) && URL.canParse(databaseUrl))) {
    faults.push('STEWARD_DATABASE_URL: must be empty (embedded SQLite) or a URL that begins with postgres://')
  }
  const logLevel = env.STEWARD_LOG_LEVEL || 'info'
  if (!LOG_LEVELS.includes(logLevel)) faults.push(`STEWARD_LOG_LEVEL: must be one of ${LOG_LEVELS.join(', ')}.`)
  const config: Config = {
    data: resolve(workingDirectory, env.STEWARD_DATA || '.steward'),
    http,
    https,
    hostnames: hostnames(env, faults),
    // State that anybody may empty is nobody's database.
    databaseUrl: testMode ? '' : databaseUrl,
    localNode: flag(env, 'STEWARD_LOCAL_NODE', !testMode, faults),
    account: env.STEWARD_ACCOUNT || '000000000000',
    region,
    rootKey: rootKey(env, faults),
    masterKey: masterKey(env, workingDirectory, faults),
    lostMasterKeyIds: env.STEWARD_MASTER_KEY_LOST ? env.STEWARD_MASTER_KEY_LOST.split(',') : [],
    testMode,
    logLevel,
    commandRetentionDays: wholeNumber(env, 'STEWARD_COMMAND_RETENTION_DAYS', 30, faults),
    sessionRetentionDays: wholeNumber(env, 'STEWARD_SESSION_RETENTION_DAYS', 30, faults),
    recordingRetentionDays: wholeNumber(env, 'STEWARD_RECORDING_RETENTION_DAYS', 90, faults),
    auditRetentionDays: wholeNumber(env, 'STEWARD_AUDIT_RETENTION_DAYS', 90, faults),
    rateLimits: rateLimits(env, faults),
    readingThreads: readingThreads(env, faults),
    webhookAllow: webhookAllow(env, faults),
    publicUrl: publicUrl(env, faults),
    mail: mail(env, faults),
    singleSignOn: singleSignOn(env, faults),
    remoteBuckets: remoteBuckets(env, faults),
    secretStore: secretStoreSetting(env, faults),
  }
  if (faults.length > 0) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
    throw new Error(`The configuration has ${count}:\n  ${faults.join('\n  ')}`)
  }
  return config
}

function flag(env: Readonly<Record<string, string>>, name: string, otherwise: boolean, faults: string[]): boolean {
  const value = env[name]
  if (value === undefined || value === '') return otherwise
  if (['1', 'on', 'yes', 'true'].includes(value)) return true
  if (['0', 'off', 'no', 'false'].includes(value)) return false
  faults.push(`${name}: must be on or off, not '${value}'.`)
  return otherwise
}

function address(env: Readonly<Record<string, string>>, name: string, otherwise: string, faults: string[]): Address {
  const text = env[name] || otherwise
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:]+)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65535) {
    faults.push(`${name}: must be HOST:PORT, such as ${otherwise}, not '${text}'.`)
    return { host: '127.0.0.1', port: 0 }
  }
  return { host: (match[1] ?? match[2])!, port }
}

function hostnames(env: Readonly<Record<string, string>>, faults: string[]): string[] {
  const names = (env.STEWARD_HOSTNAMES ?? '').split(',').map((name) => name.trim())
  const wrong = names.filter((name) => !/^[A-Za-z0-9.:*-]*$/.test(name))
  if (wrong.length > 0) faults.push(`STEWARD_HOSTNAMES: '${wrong.join("', '")}' cannot be a host's name or address.`)
  return names.filter((name) => name !== '')
}

/** `family=rate` or `family=rate/burst`, with commas between. */
function rateLimits(env: Readonly<Record<string, string>>, faults: string[]): RateLimits {
  const limits: Record<string, RateLimit> = { ...RATE_LIMITS }
  for (const part of (env.STEWARD_RATE_LIMITS ?? '').split(',').map((one) => one.trim())) {
    const [, family, rate, burst] = /^([a-z0-9-]{1,40})=(\d{1,9})(?:\/(\d{1,9}))?$/.exec(part) ?? []
    const perSecond = Number(rate)
    if (family && !FAMILIES.has(family)) faults.push(`STEWARD_RATE_LIMITS: there is no family '${family}'.`)
    else if (family && perSecond > 0) limits[family] = { perSecond, burst: Math.max(1, Number(burst ?? perSecond)) }
    else if (part !== '') faults.push(`STEWARD_RATE_LIMITS: '${part}' is not FAMILY=RATE or FAMILY=RATE/BURST.`)
  }
  return limits
}

/** By default one for every two cores: the first thread, and all else on the machine, need some too. */
function readingThreads(env: Readonly<Record<string, string>>, faults: string[]): number {
  const text = env.STEWARD_READING_THREADS
  if (!text) return Math.min(MOST_READING_THREADS, Math.floor(availableParallelism() / 2))
  if (/^\d{1,2}$/.test(text)) return Number(text)
  faults.push(`STEWARD_READING_THREADS: must be a number of threads, 0 for none, not '${text}'.`)
  return 0
}

function wholeNumber(env: Readonly<Record<string, string>>, name: string, otherwise: number, faults: string[]): number {
  const text = env[name]
  if (text === undefined || text === '') return otherwise
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text)
  faults.push(`${name}: must be a whole number above 0, not '${text}'.`)
  return otherwise
}

function webhookAllow(env: Readonly<Record<string, string>>, faults: string[]): string[] {
  const ranges = (env.STEWARD_WEBHOOK_ALLOW ?? '').split(',').map((range) => range.trim())
  const given = ranges.filter((range) => range !== '')
  const wrong = given.filter((range) => !parseRange(range))
  if (wrong.length > 0)
    faults.push(`STEWARD_WEBHOOK_ALLOW: '${wrong.join("', '")}' is not a range of addresses such as 10.0.0.0/8.`)
  return given
}

function publicUrl(env: Readonly<Record<string, string>>, faults: string[]): string | undefined {
  const text = env.STEWARD_PUBLIC_URL
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash) return url.href.replace(/\/+$/, '')
  faults.push('STEWARD_PUBLIC_URL: must be a URL such as https://steward.example.com:8471.')
  return undefined
}

function mail(env: Readonly<Record<string, string>>, faults: string[]): Config['mail'] {
  const url = env.STEWARD_SMTP_URL
  if (!url) {
    if (env.STEWARD_SMTP_FROM) faults.push('STEWARD_SMTP_FROM: is of use with STEWARD_SMTP_URL only.')
    return undefined
  }
  if (!/^smtps?:\/\//.test(url) || !URL.canParse(url))
    faults.push('STEWARD_SMTP_URL: must be a URL such as smtps://user:password@mail.example.com:465.')
  const from = env.STEWARD_SMTP_FROM
  if (!from)
    faults.push('STEWARD_SMTP_FROM: the sender of mails, such as steward@example.com, is needed with STEWARD_SMTP_URL.')
  return { url, from: from ?? '' }
}

/** Of a second provider the variables end in `_2`, of a third in `_3`, up to nine. */
const PROVIDERS = ['', '_2', '_3', '_4', '_5', '_6', '_7', '_8', '_9']

function singleSignOn(env: Readonly<Record<string, string>>, faults: string[]): SingleSignOn[] {
  return PROVIDERS.flatMap((suffix) => provider(env, suffix, faults) ?? [])
}

function provider(env: Readonly<Record<string, string>>, suffix: string, faults: string[]): SingleSignOn | undefined {
  const variable = (name: string) => `STEWARD_OIDC_${name}${suffix}`
  const given = (name: string) => env[variable(name)]
  const [issuer, role] = [given('ISSUER'), given('ROLE')]
  if (!issuer) {
    const others = ['CLIENT_ID', 'CLIENT_SECRET', 'ROLE', 'NAME', 'SCOPES'].filter(given)
    if (others.length > 0) faults.push(`${others.map(variable).join(', ')}: of use with ${variable('ISSUER')} only.`)
    return undefined
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, ''))))
    faults.push(`${variable('ISSUER')}: must be a URL such as https://login.example.com/realms/main.`)
  if (!given('CLIENT_ID')) faults.push(`${variable('CLIENT_ID')}: is needed with ${variable('ISSUER')}.`)
  if (!/^(arn:aws:iam::\d{12}:role\/)?[\w+=,.@/-]+$/.test(role ?? ''))
    faults.push(`${variable('ROLE')}: the name or ARN of a role is needed with ${variable('ISSUER')}.`)
  return {
    id: `oidc${suffix.replace('_', '-')}`,
    name: given('NAME') || (url?.hostname ?? ''),
    issuer,
    clientId: given('CLIENT_ID') ?? '',
    clientSecret: given('CLIENT_SECRET') ?? '',
    roleArn: role?.startsWith('arn:')
      ? role
      : `arn:aws:iam::${env.STEWARD_ACCOUNT || '000000000000'}:role/${role?.replace(/^\//, '')}`,
    scopes: given('SCOPES') || 'openid profile email',
  }
}

function remoteBuckets(env: Readonly<Record<string, string>>, faults: string[]): RemoteBucketsSetting | undefined {
  const text = env.STEWARD_S3_URL
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || !url.username || !url.password) {
    faults.push(
      'STEWARD_S3_URL: must be a URL with an access key, such as https://KEYID:SECRET@minio.example.com:9000.',
    )
    return undefined
  }
  const [accessKeyId, secretAccessKey] = [url.username, url.password].map(decodeURIComponent) as [string, string]
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, accessKeyId, secretAccessKey }
}

function rootKey(env: Readonly<Record<string, string>>, faults: string[]): Config['rootKey'] {
  const accessKeyId = env.STEWARD_ROOT_ACCESS_KEY_ID
  const secretAccessKey = env.STEWARD_ROOT_SECRET_ACCESS_KEY
  if (!accessKeyId && !secretAccessKey) return undefined
  if (!accessKeyId || !secretAccessKey) {
    faults.push('STEWARD_ROOT_ACCESS_KEY_ID and STEWARD_ROOT_SECRET_ACCESS_KEY: set both or neither.')
    return undefined
  }
  if (!/^\w{4,128}$/.test(accessKeyId))
    faults.push('STEWARD_ROOT_ACCESS_KEY_ID: must be 4 to 128 letters, digits and _.')
  return { accessKeyId, secretAccessKey }
}

const MASTER_KEY_SOURCES = ['STEWARD_MASTER_KEY', 'STEWARD_MASTER_KEY_FILE', 'STEWARD_MASTER_PASSPHRASE'] as const

function masterKey(
  env: Readonly<Record<string, string>>,
  workingDirectory: string,
  faults: string[],
): MasterKeySetting {
  const given = MASTER_KEY_SOURCES.filter((name) => env[name])
  if (given.length > 1) faults.push(`${given.join(' and ')}: set only one of them.`)
  const { STEWARD_MASTER_KEY: keys, STEWARD_MASTER_KEY_FILE: path, STEWARD_MASTER_PASSPHRASE: passphrase } = env
  if (!/^([0-9a-f]{16}(,[0-9a-f]{16})*)?$/.test(env.STEWARD_MASTER_KEY_LOST ?? ''))
    faults.push('STEWARD_MASTER_KEY_LOST: must be ids of master keys, 16 hexadecimal digits each, with commas between.')
  if (keys) {
    const texts = keys.split(',').map((text) => text.trim())
    if (!texts.every((text) => /^[A-Za-z0-9+/_-]{43}=?$/.test(text)))
      faults.push('STEWARD_MASTER_KEY: must be 32 bytes in base64 (openssl rand -base64 32), older keys after a comma.')
    return { kind: 'environment', keys: texts }
  }
  if (path) return { kind: 'file', path: resolve(workingDirectory, path) }
  if (!passphrase) return { kind: 'data-directory' }
  if (passphrase.length < 12) faults.push('STEWARD_MASTER_PASSPHRASE: must have 12 characters or more.')
  return { kind: 'passphrase', passphrase, previous: env.STEWARD_MASTER_PASSPHRASE_PREVIOUS || undefined }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/** What the installation can do because of this. */
export function featuresOf({ mail, testMode, singleSignOn, remoteBuckets }: Config): Features {
  return { mail: mail !== undefined, testMode, singleSignOn, remoteBuckets: remoteBuckets !== undefined }
}
