import { constants, generateKeyPairSync, hash, type KeyObject, randomUUID, sign as signRsa } from 'node:crypto'
import { once } from 'node:events'
import { CreateActivationCommand, type CreateActivationCommandInput, SSMClient } from '@aws-sdk/client-ssm'
import { formatTokenFrame } from '@steward/protocol'
import { signRequest } from '@steward/protocol/signature.ts'
import type { TestServer } from '@steward/testkit'
import WebSocket from 'ws'

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
    const body = JSON.stringify(input)
    const headers = this.#signed('POST', new URL('/', this.server.url), this.#headers(operation), body, 'ssm')
    return this.#send(headers, body)
  }

  /** Opens a control channel; resolves once the server has it. */
  async connect(): Promise<WebSocket> {
    const url = new URL(`/v1/control-channel/${this.id}`, this.server.url)
    const body = JSON.stringify({ MessageSchemaVersion: '1.0', RequestId: randomUUID() })
    const create = this.#signed('POST', url, { 'content-type': 'application/json' }, body, 'ssmmessages')
    const response = await fetch(url, { method: 'POST', headers: withoutHost(create), body })
    const tokenValue = /<TokenValue>([^<]+)/.exec(await response.text())![1]!
    const channel = new URL('?role=subscribe&stream=input', url)
    const open = this.#signed('GET', channel, {}, '', 'ssmmessages')
    const socket = new WebSocket(channel.href.replace('http', 'ws'), { headers: withoutHost(open) })
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
    const body = JSON.stringify(input)
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

  /** The headers of a call that is signed with the role token. */
  #signed(method: string, url: URL, headers: Record<string, string>, body: string, service: string) {
    if (!this.token) throw new Error('The node has no token yet.')
    const { AccessKeyId, SecretAccessKey, SessionToken } = this.token
    const { clock, config } = this.server.house
    return signRequest(
      { method, url, headers, body, service, region: config.region, date: clock.now() },
      { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    )
  }

  #post(operation: string, input: object): Promise<Answer> {
    return this.#send(this.#headers(operation), JSON.stringify(input))
  }

  #headers(operation: string) {
    return { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` }
  }

  async #send(headers: Record<string, string>, body: string): Promise<Answer> {
    const response = await fetch(this.server.url, { method: 'POST', headers: withoutHost(headers), body })
    const answer = (await response.json()) as Record<string, unknown>
    return {
      status: response.status,
      code: answer.__type as string | undefined,
      message: (answer.message ?? answer.Message) as string | undefined,
      body: answer,
    }
  }
}

/** `fetch` and `ws` set it themselves. */
function withoutHost({ host: _host, ...headers }: Record<string, string>): Record<string, string> {
  return headers
}

/** An activation made with the SDK. */
export async function activate(
  server: TestServer,
  more: Partial<CreateActivationCommandInput> = {},
): Promise<{ id: string; code: string }> {
  const made = await server.client(SSMClient).send(new CreateActivationCommand({ IamRole: 'ServiceRole', ...more }))
  return { id: made.ActivationId!, code: made.ActivationCode! }
}
