import { constants, generateKeyPairSync, hash, type KeyObject, randomUUID, sign as signRsa } from 'node:crypto'
import { once } from 'node:events'
import { CreateActivationCommand, type CreateActivationCommandInput, SSMClient } from '@aws-sdk/client-ssm'
import { formatTokenFrame } from '@steward/protocol'
import type { TestServer } from '@steward/testkit'
import WebSocket from 'ws'
import { sign } from '#iam/sigv4.ts'

/** What an agent call came back with: `code` is the error's name, undefined when all is well. */
export interface Answer {
  readonly status: number
  readonly code: string | undefined
  readonly message: string | undefined
  readonly body: Record<string, unknown>
}

interface RoleToken {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken: string
}

export interface Key {
  readonly privateKey: KeyObject
  readonly publicKey: string
}

/** Keys take long to make, so tests that do not care share one. */
let sharedKey: Key | undefined

export function newKey(bits = 2048): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }
}

/** A machine for tests: makes the calls that agents make to become and be a node, written from the agent protocol. */
export class FakeNode {
  readonly server: TestServer
  readonly fingerprint = randomUUID()
  id = ''
  key: Key
  token: RoleToken | undefined

  constructor(server: TestServer, key?: Key) {
    this.server = server
    sharedKey ??= newKey()
    this.key = key ?? sharedKey
  }

  /** A registered node with a role token and a first full health report. */
  static async enrol(
    server: TestServer,
    more: Partial<CreateActivationCommandInput> = {},
    report: object = {},
  ): Promise<FakeNode> {
    const node = new FakeNode(server)
    await node.register(await activate(server, more))
    await node.requestToken()
    await node.ping(report)
    return node
  }

  async register(activation: { id: string; code: string }, more: object = {}): Promise<Answer> {
    const answer = await this.#post('RegisterManagedInstance', {
      ActivationId: activation.id,
      ActivationCode: activation.code,
      Fingerprint: this.fingerprint,
      PublicKey: this.key.publicKey,
      PublicKeyType: 'Rsa',
      ...more,
    })
    this.id = String(answer.body.InstanceId ?? this.id)
    return answer
  }

  async requestToken(fingerprint = this.fingerprint): Promise<Answer> {
    const answer = await this.signedWithKey('RequestManagedInstanceRoleToken', { Fingerprint: fingerprint })
    if (answer.status === 200) this.token = answer.body as unknown as RoleToken
    return answer
  }

  /** A health report: `empty` is the one with which an agent starts. */
  ping(report: object | 'empty' = {}): Promise<Answer> {
    const least = { AgentName: 'amazon-ssm-agent', AgentVersion: '3.2.0.0', InstanceId: this.id, PlatformType: 'Linux' }
    if (report === 'empty') return this.signedWithToken('UpdateInstanceInformation', least)
    return this.signedWithToken('UpdateInstanceInformation', {
      ...least,
      AgentStatus: 'Active',
      AvailabilityZone: '',
      ComputerName: 'a.example',
      IPAddress: '10.99.0.1',
      PlatformName: 'Debian GNU/Linux',
      PlatformVersion: '12',
      SSMConnectionChannel: '',
      ...report,
    })
  }

  /** A call with the role token, as all but the first two are. */
  signedWithToken(operation: string, input: object): Promise<Answer> {
    const body = Buffer.from(JSON.stringify(input))
    return this.#send(this.#signed('POST', '/', '', this.#headers(operation), body, 'ssm'), body)
  }

  /** Opens a control channel; resolves once the server has it. */
  async connect(): Promise<WebSocket> {
    const path = `/v1/control-channel/${this.id}`
    const body = Buffer.from(JSON.stringify({ MessageSchemaVersion: '1.0', RequestId: randomUUID() }))
    const headers = this.#signed('POST', path, '', { 'content-type': 'application/json' }, body, 'ssmmessages')
    const response = await fetch(`${this.server.url}${path}`, { method: 'POST', headers, body })
    const tokenValue = /<TokenValue>([^<]+)/.exec(await response.text())![1]!
    const query = 'role=subscribe&stream=input'
    const upgrade = this.#signed('GET', path, query, {}, Buffer.alloc(0), 'ssmmessages')
    const socket = new WebSocket(`${this.server.url.replace('http', 'ws')}${path}?${query}`, { headers: upgrade })
    await once(socket, 'open')
    socket.send(
      formatTokenFrame({ requestId: randomUUID(), tokenValue, agentVersion: '3.2.0.0', platformType: 'linux' }),
    )
    return socket
  }

  /** A call signed with an RSA key (agent-protocol, 4.4); `now` may be another clock's. */
  signedWithKey(
    operation: string,
    input: object,
    key = this.key,
    now = this.server.house.clock.now(),
  ): Promise<Answer> {
    const { host } = new URL(this.server.url)
    const body = Buffer.from(JSON.stringify(input))
    const date = `${now.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
    const scope = `${date.slice(0, 8)}/${this.server.house.config.region}/ssm/aws4_request`
    const headers = this.#headers(operation)
    const signedHeaders = 'content-type;host;x-amz-date;x-amz-target'
    const canonical = `POST\n/\n\ncontent-type:${headers['content-type']}\nhost:${host}\nx-amz-date:${date}\nx-amz-target:${headers['x-amz-target']}\n\n${signedHeaders}\n${hash('sha256', body)}`
    const text = Buffer.from(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', canonical)}`)
    const padding = constants.RSA_PKCS1_PSS_PADDING
    const signature = signRsa('sha256', text, { key: key.privateKey, padding, saltLength: 32 }).toString('base64')
    const authorization = `AWS4-HMAC-SHA256 Credential=${this.id}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
    return this.#send({ ...headers, 'x-amz-date': date, authorization }, body)
  }

  #signed(
    method: string,
    path: string,
    query: string,
    more: Record<string, string>,
    body: Buffer,
    service: string,
  ): Record<string, string> {
    if (!this.token) throw new Error('The node has no token yet.')
    const { AccessKeyId, SecretAccessKey, SessionToken } = this.token
    const headers = { ...more, host: new URL(this.server.url).host, 'x-amz-security-token': SessionToken }
    const key = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, region: this.server.house.config.region }
    const signature = sign({ method, path, query, headers, body }, { ...key, service }, this.server.house.clock.now())
    return { ...headers, ...signature }
  }

  #post(operation: string, input: object): Promise<Answer> {
    return this.#send(this.#headers(operation), Buffer.from(JSON.stringify(input)))
  }

  #headers(operation: string) {
    return { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` }
  }

  async #send(headers: Record<string, string>, body: Buffer): Promise<Answer> {
    const { host: _host, ...sent } = headers
    const response = await fetch(this.server.url, { method: 'POST', headers: sent, body })
    const answer = (await response.json()) as Record<string, unknown>
    return {
      status: response.status,
      code: answer.__type as string | undefined,
      message: (answer.message ?? answer.Message) as string | undefined,
      body: answer,
    }
  }
}

/** An activation made with the SDK. */
export async function activate(
  server: TestServer,
  more: Partial<CreateActivationCommandInput> = {},
): Promise<{ id: string; code: string }> {
  const made = await server.client(SSMClient).send(new CreateActivationCommand({ IamRole: 'ServiceRole', ...more }))
  return { id: made.ActivationId!, code: made.ActivationCode! }
}
