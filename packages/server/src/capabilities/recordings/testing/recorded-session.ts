import { once } from 'node:events'
import { SSMClient, StartSessionCommand, TerminateSessionCommand } from '@aws-sdk/client-ssm'
import { encodeAgentMessage } from '@steward/protocol'
import { formatClientOpenFrame } from '@steward/protocol/session/index.ts'
import { signRequest } from '@steward/protocol/signature.ts'
import { eventually, type TestServer } from '@steward/testkit'
import { WebSocket } from 'ws'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { jsonCall } from '#door/testing/raw-call.ts'
import { randomIds } from '#kernel/ids.ts'

/** A call of one of our own operations, by the root of the account. */
export async function ask(server: TestServer, operation: string, input: object): Promise<Record<string, unknown>> {
  const { status, json } = await jsonCall(server, `Steward.${operation}`, input, { service: 'steward' })
  if (status !== 200) throw Object.assign(new Error(String(json.message ?? json.Message)), { name: json.__type })
  return json
}

export async function aConnectedNode(server: TestServer): Promise<FakeNode> {
  const node = await FakeNode.enrol(server)
  await node.connect()
  await eventually(() => server.house.isConnected(node.id))
  await server.settle()
  return node
}

/** A session whose node shows what a test says. */
export class RecordedSession {
  readonly sessionId: string
  readonly #server: TestServer
  readonly #socket: WebSocket
  #sequence = 0

  private constructor(server: TestServer, sessionId: string, socket: WebSocket) {
    this.#server = server
    this.sessionId = sessionId
    this.#socket = socket
  }

  static async start(server: TestServer, node: FakeNode): Promise<RecordedSession> {
    const { SessionId } = await server.client(SSMClient).send(new StartSessionCommand({ Target: node.id }))
    const url = new URL(`/v1/data-channel/${SessionId}`, server.url)
    const body = JSON.stringify({
      MessageSchemaVersion: '1.0',
      RequestId: randomIds.uuid(),
      ClientId: randomIds.uuid(),
    })
    const signable = { method: 'POST', url, headers: { 'content-type': 'application/json' }, body }
    const { AccessKeyId, SecretAccessKey, SessionToken } = node.token!
    const { host: _host, ...headers } = signRequest(
      { ...signable, service: 'ssmmessages', region: server.house.config.region, date: server.house.clock.now() },
      { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    )
    const created = await (await fetch(url, { method: 'POST', headers, body })).text()
    const tokenValue = /<TokenValue>([^<]+)/.exec(created)![1]!
    const socket = new WebSocket(`${url.href.replace('http', 'ws')}?role=publish_subscribe`)
    await once(socket, 'open')
    socket.send(formatClientOpenFrame({ requestId: randomIds.uuid(), tokenValue, clientId: '', clientVersion: '' }))
    const session = new RecordedSession(server, SessionId!, socket)
    // Before that, the gateway does not know yet whose socket it is.
    await eventually(async () => (await session.recording()).SessionId !== undefined)
    return session
  }

  show(text: string, payloadType = 1): void {
    const head = { messageType: 'output_stream_data', messageId: randomIds.uuid(), createdDate: Date.now() }
    this.#socket.send(encodeAgentMessage({ ...head, sequenceNumber: this.#sequence++, payloadType, payload: text }))
  }

  /** Resolves once so much of it is stored. */
  stored(text: string): Promise<unknown> {
    return eventually(async () => (await this.lines()).some((line) => line.includes(text)))
  }

  async lines(): Promise<string[]> {
    return (await ask(this.#server, 'GetSessionRecording', { SessionId: this.sessionId })).Lines as string[]
  }

  /** Ends it; resolves once the recording is sealed. */
  async end(): Promise<void> {
    await this.#server.client(SSMClient).send(new TerminateSessionCommand({ SessionId: this.sessionId }))
    await eventually(async () => (await this.recording()).EndDate !== undefined)
    this.#socket.close()
  }

  async recording(): Promise<Record<string, unknown>> {
    const { Recordings } = await ask(this.#server, 'ListSessionRecordings', { SessionId: this.sessionId })
    return (Recordings as Record<string, unknown>[])[0] ?? {}
  }
}
