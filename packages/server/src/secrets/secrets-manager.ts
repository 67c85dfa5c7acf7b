/** Secrets in AWS Secrets Manager, or in what speaks its API. */
import { signRequest } from '@steward/protocol/signature.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Secret, SecretStore, SecretVersion } from '#kernel/secret-store.ts'
import type { SecretsManagerSetting } from '#kernel/secret-store-setting.ts'
import { openSecretServer, refusedByStore, type SecretServerAnswer, storeFailed } from './secret-server.ts'

/** A name that nobody gives a secret, to see whether the key is good. */
const NOBODYS = 'steward/is-this-key-good'

interface SecretValue {
  readonly ARN?: string
  readonly Name?: string
  readonly VersionId?: string
  readonly VersionStages?: readonly string[]
  readonly SecretString?: string
  /** Seconds. */
  readonly CreatedDate?: number
}

export function openSecretsManager(setting: SecretsManagerSetting, clock: Clock): SecretStore {
  const server = openSecretServer(setting.caFile)
  const { origin, accessKeyId, secretAccessKey } = setting
  const credentials = { accessKeyId, secretAccessKey }
  function ask(callersRegion: string, input: object): Promise<SecretServerAnswer> {
    const region = setting.region ?? callersRegion
    const url = new URL(origin.replace('{region}', region))
    const body = JSON.stringify(input)
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' }
    const request = { method: 'POST', url, headers, body, service: 'secretsmanager', region, date: clock.now() }
    return server.ask({ method: 'POST', url: url.href, headers: signRequest(request, credentials), body })
  }
  return {
    url: origin,
    async read({ region }, name, version) {
      return toSecret(name, await ask(region, { SecretId: name, ...inItsWords(version) }), hostOf(origin))
    },
    async check() {
      const answer = await ask('us-east-1', { SecretId: NOBODYS })
      const code = codeOf(answer)
      if (code !== 'ResourceNotFoundException' && code !== 'AccessDeniedException') toSecret('', answer, hostOf(origin))
    },
    close: () => server.close(),
  }
}

function hostOf(origin: string): string {
  return origin.replace(/^.*\/\//, '')
}

function inItsWords(version: SecretVersion): object {
  return 'id' in version ? { VersionId: version.id } : { VersionStage: version.stage }
}

function codeOf({ body }: SecretServerAnswer): string {
  return String(body.__type ?? '').replace(/^.*#/, '')
}

function toSecret(name: string, answer: SecretServerAnswer, host: string): Secret | undefined {
  if (answer.status !== 200) return notGiven(answer, host)
  const { ARN, Name, VersionId, VersionStages = [], SecretString, CreatedDate } = answer.body as SecretValue
  return {
    arn: ARN,
    name: Name ?? name,
    versionId: VersionId ?? '',
    versionStages: VersionStages,
    text: SecretString,
    createdAt: CreatedDate === undefined ? undefined : new Date(CreatedDate * 1000),
  }
}

/** Undefined for what is not there. Of what is being deleted AWS says so in these words. */
function notGiven(answer: SecretServerAnswer, host: string): undefined {
  const code = codeOf(answer)
  if (code === 'ResourceNotFoundException') return undefined
  if (code === 'InvalidRequestException' || code === 'InvalidParameterException')
    throw new ApiError('ValidationException', 'Invalid Request to Secrets Manager', { detail: answer.body.message })
  const why = `it answered ${answer.status}${code && ` (${code})`}.`
  throw answer.status >= 500 || /Throttling/.test(code) ? storeFailed(host, why) : refusedByStore(host, why)
}
