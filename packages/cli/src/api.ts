import type { cloudtrail, kms, ssm, steward, Wire } from '@steward/model'
import { type Connection, urlText } from './connection.ts'
import { ApiFault, ServerAway } from './fault.ts'
import { ask, type HttpAnswer } from './http.ts'
import { signedHeaders } from './signature.ts'
import { at, parseXml, type XmlElement } from './xml.ts'

export type { Wire }

/** Longer than every long poll. */
const TIMEOUT_MS = 60_000

/** Signed calls to one server. Small on purpose: loading an SDK would take longer than the calls. */
export class Api {
  readonly #connection: Connection
  readonly #now: () => Date

  constructor(connection: Connection, now: () => Date = () => new Date()) {
    this.#connection = connection
    this.#now = now
  }

  /** Rejects with ApiFault when refused, with ServerAway when there was no answer. Never tries twice. */
  ssm<O extends keyof ssm.Operations>(
    operation: O,
    input: Wire<ssm.Operations[O]['input']>,
    signal?: AbortSignal,
  ): Promise<Wire<ssm.Operations[O]['output']>> {
    return this.#call('ssm', `AmazonSSM.${operation}`, input, signal)
  }

  cloudtrail<O extends keyof cloudtrail.Operations>(
    operation: O,
    input: Wire<cloudtrail.Operations[O]['input']>,
    signal?: AbortSignal,
  ): Promise<Wire<cloudtrail.Operations[O]['output']>> {
    return this.#call('cloudtrail', `CloudTrail_20131101.${operation}`, input, signal)
  }

  kms<O extends keyof kms.Operations>(
    operation: O,
    input: Wire<kms.Operations[O]['input']>,
    signal?: AbortSignal,
  ): Promise<Wire<kms.Operations[O]['output']>> {
    return this.#call('kms', `TrentService.${operation}`, input, signal)
  }

  /** The operations that AWS does not have. */
  steward<O extends keyof steward.Operations>(
    operation: O,
    input: Wire<steward.Operations[O]['input']>,
    signal?: AbortSignal,
  ): Promise<Wire<steward.Operations[O]['output']>> {
    return this.#call('steward', `Steward.${operation}`, input, signal)
  }

  async #call<T>(service: string, target: string, input: object, signal: AbortSignal | undefined): Promise<T> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
    const answer = await this.#post(service, headers, JSON.stringify(input), signal)
    return read<T>(target.slice(target.indexOf('.') + 1), answer, this.#connection.endpoint)
  }

  /** A call of a service of the Query protocol. Answers the element of its result. */
  async query(
    service: keyof typeof QUERY_VERSIONS,
    action: string,
    input: Record<string, string>,
  ): Promise<XmlElement> {
    const form = new URLSearchParams({ Action: action, Version: QUERY_VERSIONS[service], ...input })
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const answer = await this.#post(service, headers, form.toString(), undefined)
    return readXml(action, answer, this.#connection.endpoint)
  }

  /** One property of a bucket, such as its `policy`, as S3 answers it. */
  async bucketProperty(bucket: string, name: string): Promise<string> {
    const { endpoint, ca } = this.#connection
    const request = { service: 's3', headers: {}, body: Buffer.alloc(0), method: 'GET', path: `/${bucket}` } as const
    const headers = await signedHeaders(this.#connection, { ...request, subresources: [name] }, this.#now())
    const url = new URL(`/${bucket}?${name}`, endpoint)
    const answer = await ask({ method: 'GET', url, headers, ca, timeoutMs: TIMEOUT_MS })
    if (answer.status !== 200) readXml('GetBucketProperty', answer, endpoint)
    return answer.body
  }

  async #post(
    service: string,
    more: Record<string, string>,
    text: string,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> {
    const { endpoint, ca } = this.#connection
    const body = Buffer.from(text)
    const headers = await signedHeaders(this.#connection, { service, headers: more, body }, this.#now())
    return ask({ method: 'POST', url: endpoint, headers, body, ca, timeoutMs: TIMEOUT_MS, signal })
  }
}

const QUERY_VERSIONS = { iam: '2010-05-08', sns: '2010-03-31', sts: '2011-06-15' } as const

function read<T>(operation: string, { status, headers, body }: HttpAnswer, endpoint: URL): T {
  let answer: { __type?: unknown; message?: unknown; Message?: unknown }
  try {
    answer = JSON.parse(body)
  } catch (cause) {
    throw notSteward(endpoint, status, cause)
  }
  if (status === 200) return answer as T
  const requestId = headers['x-amzn-requestid']
  throw new ApiFault(operation, {
    code: String(answer.__type ?? `HTTP ${status}`).replace(/^.*#/, ''),
    message: String(answer.message ?? answer.Message ?? ''),
    status,
    ...(typeof requestId === 'string' ? { requestId } : {}),
  })
}

function readXml(operation: string, { status, headers, body }: HttpAnswer, endpoint: URL): XmlElement {
  let answer: XmlElement
  try {
    answer = parseXml(body)
  } catch (cause) {
    throw notSteward(endpoint, status, cause)
  }
  if (status === 200) return at(answer, `${operation}Result`) ?? answer
  const requestId = headers['x-amzn-requestid']
  throw new ApiFault(operation, {
    code: (at(answer, 'Error', 'Code') ?? at(answer, 'Code'))?.text ?? `HTTP ${status}`,
    message: (at(answer, 'Error', 'Message') ?? at(answer, 'Message'))?.text ?? '',
    status,
    ...(typeof requestId === 'string' ? { requestId } : {}),
  })
}

function notSteward(endpoint: URL, status: number, cause: unknown): ServerAway {
  return new ServerAway(`What answers at ${urlText(endpoint)} is not Steward (HTTP ${status}).`, {
    cause,
    mend: 'npx steward doctor shows what is wrong; AWS_ENDPOINT_URL or STEWARD_HTTP may point elsewhere.',
  })
}
