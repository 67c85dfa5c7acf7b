import { existsSync, readFileSync } from 'node:fs'
import { Api } from '#api.ts'
import { Fault } from '#fault.ts'
import type { Env } from '#local-installation.ts'
import { awsCredentials } from '#sessions/aws-profile.ts'
import type { SessionGrant } from '#sessions/session-grant.ts'
import type { PluginCall } from './command-line.ts'

/** What the words of the AWS CLI allow. Credentials are looked for when something is to be asked, which is seldom. */
export function grantOf(call: PluginCall, env: Env): SessionGrant {
  const { sessionId, streamUrl, tokenValue, target } = call
  const ca = authorities(env)
  const api: SessionGrant['api'] = {
    ssm: async (...question) => (await apiOf(call, env, ca)).ssm(...question),
    kms: async (...question) => (await apiOf(call, env, ca)).kms(...question),
  }
  return { sessionId, streamUrl, tokenValue, target, ca, api }
}

async function apiOf({ endpoint, region, profile }: PluginCall, env: Env, ca: string | undefined): Promise<Api> {
  if (!endpoint || !URL.canParse(endpoint)) {
    throw new Fault('The AWS CLI does not say where the server is: version 1.16.299 or newer does.')
  }
  return new Api({ endpoint: new URL(endpoint), region, credentials: await awsCredentials(env, profile), ca })
}

/** The variables that the AWS CLI and Amazon's plugin look at. */
function authorities({ AWS_CA_BUNDLE, SSL_CERT_FILE }: Env): string | undefined {
  const files = [AWS_CA_BUNDLE, SSL_CERT_FILE].filter((path) => path && existsSync(path))
  return files.length === 0 ? undefined : files.map((path) => readFileSync(path!, 'utf8')).join('\n')
}
