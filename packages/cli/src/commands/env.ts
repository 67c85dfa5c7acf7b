import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Connection, localConnection, urlText } from '#connection.ts'
import type { Io } from '#io.ts'
import { localInstallation } from '#local-installation.ts'
import { type Format, shellExports } from '#shell-exports.ts'

/** Prints what makes the plain `aws` command talk to the local server. Nothing but that goes to standard output. */
export function env(io: Io, options: { format: Format }): void {
  const local = localInstallation(io.env)
  const authority = join(local.data, 'ca.pem')
  const variables = {
    ...awsVariables(localConnection(io.env, local), existsSync(authority) ? authority : undefined),
    ...Object.fromEntries(endpointsOfServices(io.env).map((name) => [name, null])),
  }
  io.stdout.write(shellExports(variables, options.format))
  if (io.stdout.isTTY) io.stderr.write(hints[options.format])
}

const hints: Record<Format, string> = {
  sh: '\n# Nothing is set yet. To set it in this shell:  eval "$(npx steward env)"\n',
  fish: '\n# Nothing is set yet. To set it in this shell:  npx steward env --format fish | source\n',
  json: '',
}

/** Such as AWS_ENDPOINT_URL_S3, which would win over AWS_ENDPOINT_URL. */
function endpointsOfServices(env: Io['env']): string[] {
  return Object.keys(env).filter((name) => name.startsWith('AWS_ENDPOINT_URL_'))
}

/** The variables to set, and as `null` those to unset because they would win: another identity, and endpoints of single services. */
function awsVariables(
  { endpoint, credentials, region }: Connection,
  authority: string | undefined,
): Record<string, string | null> {
  return {
    AWS_ENDPOINT_URL: urlText(endpoint),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(authority ? { AWS_CA_BUNDLE: authority } : {}),
    AWS_SESSION_TOKEN: null,
    AWS_PROFILE: null,
    AWS_DEFAULT_PROFILE: null,
    AWS_ENDPOINT_URL_SSM: null,
    AWS_ENDPOINT_URL_STS: null,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: null,
  }
}
