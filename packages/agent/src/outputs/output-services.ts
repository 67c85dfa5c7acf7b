/*
 * Where output goes that somebody wants in a bucket or a log group: by default to the server itself, which has both, with the
 * node's credentials. The environment of the agent may name others, in the words of AWS's SDKs: AWS_ENDPOINT_URL_S3 and
 * AWS_ENDPOINT_URL_CLOUDWATCH_LOGS, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN for them.
 */
import type { Credentials } from '@steward/protocol/signature.ts'
import { Buckets } from '#outputs/buckets.ts'
import { LogGroups } from '#outputs/log-groups.ts'
import type { Endpoint } from '#server/ssm-client.ts'

/** A service that output goes to. */
export type OutputService = Endpoint & { credentials(): Promise<Credentials> }

export type OutputServices = { buckets: Buckets; logGroups: LogGroups }

type Environment = { [name: string]: string | undefined }

export function outputServices(
  endpoint: Endpoint,
  credentials: () => Promise<Credentials>,
  environment: Environment = process.env,
): OutputServices {
  const own: OutputService = { ...endpoint, credentials }
  return {
    buckets: new Buckets(elsewhere(own, environment.AWS_ENDPOINT_URL_S3, environment)),
    logGroups: new LogGroups(elsewhere(own, environment.AWS_ENDPOINT_URL_CLOUDWATCH_LOGS, environment)),
  }
}

function elsewhere(own: OutputService, url: string | undefined, environment: Environment): OutputService {
  if (!url) return own
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = environment
  const given =
    accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, sessionToken: AWS_SESSION_TOKEN } : undefined
  // The certificate authority of the server says nothing about others.
  const ca = new URL(url).host === new URL(own.url).host ? own.ca : undefined
  return { ...own, url, ca, ...(given && { credentials: async () => given }) }
}
