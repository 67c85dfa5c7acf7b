import { type Connection, urlText } from '#connection.ts'
import { doubtful, type Finding, well } from './finding.ts'

type Env = Readonly<Record<string, string | undefined>>

const SET_ALL = 'eval "$(npx steward env)"'

/** Whether the plain `aws` command of this shell would reach the local server. Never wrong, because it may be meant. */
export function checkAwsEnvironment(env: Env, { endpoint, credentials }: Connection): Finding[] {
  if (!env.AWS_ENDPOINT_URL)
    return [doubtful('The aws command of this shell talks to Amazon, not to Steward', `to change that: ${SET_ALL}`)]
  const findings: Finding[] = []
  if (!URL.canParse(env.AWS_ENDPOINT_URL) || !sameServer(new URL(env.AWS_ENDPOINT_URL), endpoint)) {
    findings.push(
      doubtful(`AWS_ENDPOINT_URL is ${env.AWS_ENDPOINT_URL}, and the local server is ${urlText(endpoint)}`, SET_ALL),
    )
  }
  if (env.AWS_ACCESS_KEY_ID !== credentials.accessKeyId) {
    findings.push(doubtful('AWS_ACCESS_KEY_ID is not the root key of the local server', SET_ALL))
  }
  const services = Object.keys(env).filter((name) => name.startsWith('AWS_ENDPOINT_URL_'))
  for (const name of ['AWS_PROFILE', ...services, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']) {
    if (env[name]) findings.push(doubtful(`${name} is set and may win over the rest`, `unset ${name}`))
  }
  return findings.length > 0 ? findings : [well('The aws command of this shell talks to this server')]
}

function sameServer(one: URL, other: URL): boolean {
  const key = ({ hostname, port }: URL) => `${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port}`
  return key(one) === key(other)
}
