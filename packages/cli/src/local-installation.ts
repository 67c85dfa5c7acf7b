import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EXIT, Fault } from './fault.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface Address {
  readonly host: string
  readonly port: number
}

/** The server that `npm start` runs in this checkout, as the environment describes it; the server reads the same names. */
export interface LocalInstallation {
  /** Absolute path of the data directory. */
  readonly data: string
  readonly http: Address
  /** Undefined when switched off. */
  readonly https: Address | undefined
  readonly hostnames: readonly string[]
  readonly region: string
  /** Empty for the embedded SQLite. */
  readonly databaseUrl: string
  /** Whether the server's machine is to be a node. */
  readonly localNode: boolean
  /** Where that node keeps its state. */
  readonly agentState: string
}

export type Env = Readonly<Record<string, string | undefined>>

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url))

/** A relative STEWARD_DATA is meant from the checkout's root, where the server resolves it. Throws Fault. */
export function localInstallation(env: Env): LocalInstallation {
  const testMode = isOn(env.STEWARD_TEST_MODE, false)
  const data = resolve(CHECKOUT, env.STEWARD_DATA || '.steward')
  return {
    data,
    http: address('STEWARD_HTTP', env.STEWARD_HTTP || '127.0.0.1:8470'),
    https: env.STEWARD_HTTPS === 'off' ? undefined : address('STEWARD_HTTPS', env.STEWARD_HTTPS || '127.0.0.1:8471'),
    hostnames: (env.STEWARD_HOSTNAMES ?? '').split(',').filter((name) => name !== ''),
    region: env.STEWARD_REGION || 'us-east-1',
    databaseUrl: env.STEWARD_DATABASE_URL ?? '',
    localNode: isOn(env.STEWARD_LOCAL_NODE, !testMode),
    agentState: join(data, testMode ? 'agent-test' : 'agent'),
  }
}

/** The root key: from the environment, else as the server's first start left it in the data directory. Throws Fault. */
export function rootKey(env: Env, { data }: LocalInstallation): Credentials {
  const { STEWARD_ROOT_ACCESS_KEY_ID: id, STEWARD_ROOT_SECRET_ACCESS_KEY: secret } = env
  if (id && secret) return { accessKeyId: id, secretAccessKey: secret }
  const file = join(data, 'root-key.json')
  if (!existsSync(file)) {
    throw new Fault(`There are no credentials: ${file} does not exist.`, {
      mend: 'Start the server with npm start, or set STEWARD_DATA to the data directory of the one that runs.',
    })
  }
  try {
    const { accessKeyId, secretAccessKey } = JSON.parse(readFileSync(file, 'utf8')) as Credentials
    return { accessKeyId, secretAccessKey }
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw new Fault(`${file} has no root key in it.`, { mend: 'npx steward root reset makes one.', cause })
    throw new Fault(`${file} cannot be read: ${(cause as Error).message}`, {
      mend: 'Run this as the user who runs the server.',
      cause,
    })
  }
}

/** Where a caller on the same machine reaches a listener that is bound to `address`. */
export function listenerUrl(scheme: 'http' | 'https', { host, port }: Address): URL {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return new URL(`${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`)
}

function address(name: string, text: string): Address {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:]+)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match && port > 0 && port < 65_536) return { host: (match[1] ?? match[2])!, port }
  throw new Fault(`${name} must be HOST:PORT, such as 127.0.0.1:8470, not '${text}'.`, { exitCode: EXIT.usage })
}

function isOn(text: string | undefined, otherwise: boolean): boolean {
  return text ? ['1', 'on', 'yes', 'true'].includes(text) : otherwise
}
