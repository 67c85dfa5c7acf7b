import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Fault } from '#fault.ts'
import type { Credentials, Env } from '#local-installation.ts'

/**
 * The credentials with which the AWS CLI signed, as far as files and environment hold them; whatever else there is (roles, single
 * sign-on, instance metadata) the AWS CLI itself is asked for. An empty profile is the one that the environment says. Throws Fault.
 */
export async function awsCredentials(env: Env, profile: string): Promise<Credentials> {
  if (!profile && env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env
    return credentials(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)
  }
  const name = profile || env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || 'default'
  return staticKeys(env, name) ?? (await exported(env, name))
}

function staticKeys(env: Env, profile: string): Credentials | undefined {
  const file = (path: string | undefined, name: string) => readIni(path ?? join(homedir(), '.aws', name))
  const shared = file(env.AWS_SHARED_CREDENTIALS_FILE, 'credentials')[profile]
  const config = file(env.AWS_CONFIG_FILE, 'config')[profile === 'default' ? profile : `profile ${profile}`]
  // The AWS CLI assumes the role first, whatever keys stand beside it.
  if (config?.role_arn || shared?.role_arn) return undefined
  const { aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: token } = { ...config, ...shared }
  return id && secret ? credentials(id, secret, token) : undefined
}

async function exported(env: Env, profile: string): Promise<Credentials> {
  try {
    const words = ['configure', 'export-credentials', '--format', 'process', '--profile', profile]
    const { stdout } = await promisify(execFile)('aws', words, { env: { ...env }, timeout: 30_000 })
    const answer = JSON.parse(stdout) as { AccessKeyId: string; SecretAccessKey: string; SessionToken?: string }
    return credentials(answer.AccessKeyId, answer.SecretAccessKey, answer.SessionToken)
  } catch (cause) {
    throw new Fault(`There are no credentials of the profile ${profile}.`, { cause })
  }
}

function credentials(accessKeyId: string, secretAccessKey: string, sessionToken: string | undefined): Credentials {
  return { accessKeyId, secretAccessKey, sessionToken: sessionToken || undefined }
}

/** Sections of a file of AWS's kind; none if it cannot be read. */
export function readIni(path: string): Record<string, Record<string, string>> {
  const sections: Record<string, Record<string, string>> = Object.create(null)
  let section: Record<string, string> = {}
  for (const line of textOf(path).split(/\r?\n/)) {
    const [, name] = /^\s*\[\s*(.+?)\s*\]/.exec(line) ?? []
    if (name !== undefined) {
      section = sections[name] ??= Object.create(null) as Record<string, string>
      continue
    }
    const [, key, value] = /^([A-Za-z0-9_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (key !== undefined) section[key] = value!
  }
  return sections
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
