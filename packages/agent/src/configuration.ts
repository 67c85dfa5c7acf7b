import { readFile } from 'node:fs/promises'
import { replaceFile } from '#durable-file.ts'

/** What a registration leaves behind, and what an operator may set. Kept in the state directory, mode 0600. */
export type Configuration = {
  version: 1
  url: string
  region: string
  nodeId: string
  /** PKCS#8 PEM of the key whose public half the server knows. */
  privateKey: string
  /** The key that follows: the server may know it already if the answer to the rotation was lost. */
  nextPrivateKey?: string
  fingerprint: string
  /** The machine the fingerprint was made on. */
  machineId: string
  /** PEM of the certificate authority to trust; absent: the system's. */
  ca?: string
  registeredAt: string
  /** How the machine is restarted when a script exits with 194. */
  rebootCommand?: string
  /** How often the server is asked for associations, from 5 to 60 minutes; absent: 10. */
  associationMinutes?: number
  sessions?: SessionSettings
}

/** How sessions run on this node, beyond what their documents say. */
export type SessionSettings = {
  /** Whom terminals belong to when no document says; absent: ssm-user, who is made when needed. */
  user?: string
  /** Whether ssm-user may become root by sudo; absent: yes, as with Amazon's agent. */
  sudo?: boolean
  /** The shell of terminals: a program, or `login` for the user's own as a login shell; absent: sh. */
  shell?: string
}

/** The agent is not registered, or its configuration cannot be used. The sentence says what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

/** Reads a configuration; undefined when there is none. Throws ConfigurationError when it is damaged. */
export async function readConfiguration(path: string): Promise<Configuration | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new ConfigurationError(`${path} cannot be read: ${error.message}`, { cause: error })
  })
  return text === undefined ? undefined : parseConfiguration(text, path)
}

export async function writeConfiguration(path: string, configuration: Configuration): Promise<void> {
  await replaceFile(path, `${JSON.stringify(configuration, null, 2)}\n`)
}

function parseConfiguration(text: string, path: string): Configuration {
  const damaged = (why: string) => new ConfigurationError(`${path} ${why}. Register this machine again with --force.`)
  let value: Partial<Configuration>
  try {
    value = JSON.parse(text)
  } catch {
    throw damaged('is not JSON')
  }
  for (const member of ['url', 'region', 'nodeId', 'privateKey', 'fingerprint'] as const) {
    if (typeof value?.[member] !== 'string') throw damaged(`has no ${member}`)
  }
  return { machineId: '', ...value } as Configuration
}
