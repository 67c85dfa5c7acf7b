/* Writes into log groups by the API of CloudWatch Logs. */
import type { JsonObject } from '@steward/protocol'
import { signRequest } from '@steward/protocol/signature.ts'
import { OutputError, patiently } from '#outputs/output-error.ts'
import type { OutputService } from '#outputs/output-services.ts'
import { httpRequest } from '#server/http.ts'

export type LogEvent = { timestamp: number; message: string }

const silenceMs = 20_000

/** All throw OutputError. */
export class LogGroups {
  readonly #service: OutputService

  constructor(service: OutputService) {
    this.#service = service
  }

  /** Milliseconds since 1970, by the service's clock. */
  now(): number {
    return this.#service.clock.now()
  }

  /** Makes the group unless it is there. */
  async create(logGroupName: string): Promise<void> {
    await this.#unlessThere('CreateLogGroup', { logGroupName })
  }

  /** Makes the stream unless it is there. */
  async createStream(logGroupName: string, logStreamName: string): Promise<void> {
    await this.#unlessThere('CreateLogStream', { logGroupName, logStreamName })
  }

  async put(logGroupName: string, logStreamName: string, logEvents: LogEvent[]): Promise<void> {
    await this.#call('PutLogEvents', { logGroupName, logStreamName, logEvents })
  }

  /** Whether there is such a group, and whether a KMS key encrypts it. */
  async find(logGroupName: string): Promise<{ exists: boolean; isEncrypted: boolean }> {
    const { logGroups } = await this.#call('DescribeLogGroups', { logGroupNamePrefix: logGroupName })
    const groups = Array.isArray(logGroups) ? (logGroups as { logGroupName?: string; kmsKeyId?: string }[]) : []
    const group = groups.find((one) => one.logGroupName === logGroupName)
    return { exists: group !== undefined, isEncrypted: group?.kmsKeyId !== undefined }
  }

  async #unlessThere(operation: string, input: JsonObject): Promise<void> {
    try {
      await this.#call(operation, input)
    } catch (error) {
      if (!(error instanceof OutputError && error.code === 'ResourceAlreadyExistsException')) throw error
    }
  }

  #call(operation: string, input: JsonObject): Promise<JsonObject> {
    return patiently(async () => {
      const { clock, ca, region, credentials } = this.#service
      const url = new URL('/', this.#service.url)
      const body = JSON.stringify(input)
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${operation}` }
      const request = { method: 'POST', url, headers, body, service: 'logs', region, date: new Date(clock.now()) }
      const signed = signRequest(request, await credentials())
      const response = await httpRequest({ method: 'POST', url, headers: signed, body, ca, timeoutMs: silenceMs })
      clock.heard(response.headers.date)
      const answer = parsed(response.body)
      if (response.status === 200) return answer
      throw refusal(response.status, answer)
    })
  }
}

function refusal(status: number, { __type, message }: JsonObject): OutputError {
  const code = typeof __type === 'string' ? __type.replace(/^.*#/, '') : `HTTP ${status}`
  const said = typeof message === 'string' && message !== '' ? message : `the log group answered ${status}`
  return new OutputError(
    code,
    `${code}: ${said}`,
    status >= 500 || /Throttling|ExpiredToken|OperationAborted/.test(code),
  )
}

function parsed(body: string): JsonObject {
  try {
    return JSON.parse(body) as JsonObject
  } catch {
    return {}
  }
}
