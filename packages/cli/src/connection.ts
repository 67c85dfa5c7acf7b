import { existsSync, readFileSync } from 'node:fs'
import { EXIT, Fault } from './fault.ts'
import {
  type Credentials,
  type Env,
  type LocalInstallation,
  listenerUrl,
  localInstallation,
  rootKey,
} from './local-installation.ts'

/** Where the API is and as whom to call it. */
export interface Connection {
  readonly endpoint: URL
  readonly region: string
  readonly credentials: Credentials
  /** PEM of the authority to trust for an https endpoint; undefined: the system's. */
  readonly ca: string | undefined
}

/** What the environment says in AWS's words if it names an endpoint, else the server of the local data directory. */
export function connection(env: Env): Connection {
  if (!env.AWS_ENDPOINT_URL) return localConnection(env, localInstallation(env))
  const { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (!URL.canParse(url)) throw new Fault(`AWS_ENDPOINT_URL is not a URL: ${url}`, { exitCode: EXIT.usage })
  if (!accessKeyId || !secretAccessKey) {
    throw new Fault('AWS_ENDPOINT_URL is set, but AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not.', {
      mend: 'Set all three, or none to use the local data directory.',
      exitCode: EXIT.usage,
    })
  }
  return {
    endpoint: new URL(url),
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || env.STEWARD_REGION || 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, sessionToken: env.AWS_SESSION_TOKEN || undefined },
    ca: env.AWS_CA_BUNDLE && existsSync(env.AWS_CA_BUNDLE) ? readFileSync(env.AWS_CA_BUNDLE, 'utf8') : undefined,
  }
}

/** The local server as root. */
export function localConnection(env: Env, local: LocalInstallation): Connection {
  return {
    endpoint: listenerUrl('http', local.http),
    region: local.region,
    credentials: rootKey(env, local),
    ca: undefined,
  }
}

/** An endpoint as people write it, without the slash that URL adds. */
export function urlText(url: URL): string {
  return url.href.replace(/\/$/, '')
}
