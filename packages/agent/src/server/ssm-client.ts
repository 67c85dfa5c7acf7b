import type { JsonObject } from '@steward/protocol'
import { type Credentials, signAsNode, signRequest } from '@steward/protocol/signature.ts'
import type { StoredParameter } from '#commands/journal-record.ts'
import { objectOr } from '#document/document.ts'
import { sentenceOf } from '#log.ts'
import { type HttpResponse, httpRequest } from '#server/http.ts'
import type { ServerClock } from '#server/server-clock.ts'

/** An answer of the server that is an error. `code` is its AWS name. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status: number) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** Where the server is, and how to trust it. */
export type Endpoint = { url: string; region: string; ca: string | undefined; clock: ServerClock }

const timeoutMs = 30_000

/** How a request proves who sends it. */
type Proof =
  | { kind: 'none' }
  | { kind: 'node'; nodeId: string; privateKey: string }
  | { kind: 'token'; credentials: Credentials }

/** RegisterManagedInstance: answers the node id. */
export async function registerManagedInstance(endpoint: Endpoint, input: JsonObject): Promise<string> {
  const { InstanceId } = await call(endpoint, 'RegisterManagedInstance', input, { kind: 'none' })
  if (typeof InstanceId !== 'string') throw new ServiceError('InvalidResponse', 'The server answered no node id.', 200)
  return InstanceId
}

/** A role token: credentials for about an hour, and whether the server wants a new key. */
export type RoleToken = { credentials: Credentials; expiresAt: number; updateKeyPair: boolean }

/** RequestManagedInstanceRoleToken, signed with the node's own key. */
export async function requestRoleToken(
  endpoint: Endpoint,
  node: { nodeId: string; privateKey: string; fingerprint: string },
): Promise<RoleToken> {
  const { nodeId, privateKey } = node
  const input = { Fingerprint: node.fingerprint }
  const proof = { kind: 'node', nodeId, privateKey } as const
  const answer = await call(endpoint, 'RequestManagedInstanceRoleToken', input, proof)
  return {
    credentials: {
      accessKeyId: String(answer.AccessKeyId),
      secretAccessKey: String(answer.SecretAccessKey),
      sessionToken: String(answer.SessionToken),
    },
    expiresAt: Number(answer.TokenExpirationDate) * 1000,
    updateKeyPair: answer.UpdateKeyPair === true,
  }
}

/** UpdateManagedInstancePublicKey, signed with the key that is replaced. */
export async function updatePublicKey(
  endpoint: Endpoint,
  node: { nodeId: string; privateKey: string },
  newPublicKey: string,
): Promise<void> {
  const input = { NewPublicKey: newPublicKey, NewPublicKeyType: 'Rsa' }
  await call(endpoint, 'UpdateManagedInstancePublicKey', input, { kind: 'node', ...node })
}

/** Calls of a registered node. Each is tried three times when the server is unwell or out of reach. */
export class SsmClient {
  readonly #endpoint: Endpoint
  readonly #credentials: () => Promise<Credentials>
  readonly #onExpired: () => void

  /** `onExpired`: by the server's clock the credentials are good no more, whatever ours says; `credentials` is asked again. */
  constructor(endpoint: Endpoint, credentials: () => Promise<Credentials>, onExpired: () => void = () => {}) {
    this.#endpoint = endpoint
    this.#credentials = credentials
    this.#onExpired = onExpired
  }

  async updateInstanceInformation(input: JsonObject): Promise<void> {
    await this.call('UpdateInstanceInformation', input)
  }

  async getParameters(names: string[], decrypt: boolean): Promise<{ found: StoredParameter[]; invalid: string[] }> {
    const answer = await this.call('GetParameters', { Names: names, WithDecryption: decrypt })
    const parameters = Array.isArray(answer.Parameters) ? answer.Parameters.map(objectOr) : []
    return {
      found: parameters.map(({ Name, Type, Value, Version }) => ({
        name: String(Name),
        type: String(Type),
        value: String(Value),
        version: Number(Version),
      })),
      invalid: Array.isArray(answer.InvalidParameters) ? answer.InvalidParameters.map(String) : [],
    }
  }

  /** The content of a document. */
  async getDocument(name: string, version: string | undefined): Promise<string> {
    const answer = await this.call('GetDocument', { Name: name, ...(version ? { DocumentVersion: version } : {}) })
    if (typeof answer.Content !== 'string')
      throw new ServiceError('InvalidResponse', `Document ${name} has no content.`, 200)
    return answer.Content
  }

  /** Any operation of the API. The answer is an object that nobody has looked into. */
  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const proof = { kind: 'token', credentials: await this.#credentials().catch(withoutCredentials) } as const
        return await call(this.#endpoint, operation, input, proof)
      } catch (error) {
        if (error instanceof ServiceError && /ExpiredToken|UnrecognizedClient/.test(error.code)) this.#onExpired()
        if (attempt === 3 || !isPassing(error)) throw error
        await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 500 * (1 + Math.random())))
      }
    }
  }
}

/** What keeps a node from its credentials says nothing about the call. */
function withoutCredentials(cause: unknown): never {
  throw new Error(sentenceOf(cause), { cause })
}

/** Errors about who calls, or when, or how often; by a clock or credentials put right the same call goes well. */
const passing = /Throttling|TooManyRequests|ExpiredToken|UnrecognizedClient|InvalidSignature/

/** Whether the same call may go well later. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof ServiceError) || error.status >= 500 || passing.test(error.code)
}

async function call(endpoint: Endpoint, operation: string, input: JsonObject, proof: Proof): Promise<JsonObject> {
  const date = new Date(endpoint.clock.now())
  const url = new URL('/', endpoint.url)
  const body = JSON.stringify(input)
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` }
  const request = { method: 'POST', url, headers, body, service: 'ssm', region: endpoint.region, date }
  const response = await httpRequest({
    method: 'POST',
    url,
    headers: proven(request, proof),
    body,
    ca: endpoint.ca,
    timeoutMs,
  })
  endpoint.clock.heard(response.headers.date)
  return answerOf(response, operation)
}

function proven(request: Parameters<typeof signRequest>[0], proof: Proof): { [name: string]: string } {
  if (proof.kind === 'node') return signAsNode(request, proof.nodeId, proof.privateKey)
  return proof.kind === 'token' ? signRequest(request, proof.credentials) : request.headers
}

function answerOf({ status, body }: HttpResponse, operation: string): JsonObject {
  const answer = objectOr(parsed(body))
  if (status === 200) return answer
  const code = typeof answer.__type === 'string' ? answer.__type.replace(/^.*#/, '') : `HTTP ${status}`
  const message = answer.message ?? answer.Message
  throw new ServiceError(code, `${operation}: ${typeof message === 'string' && message ? message : code}`, status)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
