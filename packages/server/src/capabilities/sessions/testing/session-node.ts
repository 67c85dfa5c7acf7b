import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  CreateDocumentCommand,
  SSMClient,
  StartSessionCommand,
  type StartSessionCommandInput,
} from '@aws-sdk/client-ssm'
import { decodeAgentMessage, encodeAgentMessage } from '@steward/protocol'
import {
  type ChannelClosed,
  formatClientOpenFrame,
  formatTaskComplete,
  type InteractiveShell,
  parseChannelClosed,
  parseInteractiveShell,
  type TaskComplete,
} from '@steward/protocol/session/index.ts'
import { eventually, type TestServer } from '@steward/testkit'
import { WebSocket } from 'ws'
import type { Keys } from '#capabilities/identity/testing/account.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { type RawAnswer, rawCall } from '#door/testing/raw-call.ts'

/** What a client is given to open a session's data channel. */
export interface Started {
  readonly sessionId: string
  readonly token: string
  readonly url: string
}

/** A session that was started with the SDK; by the root of the account unless by somebody else. */
export async function started(
  server: TestServer,
  input: StartSessionCommandInput,
  credentials?: Keys,
): Promise<Started> {
  const ssm = server.client(SSMClient, credentials && { credentials })
  const { SessionId, TokenValue, StreamUrl } = await ssm.send(new StartSessionCommand(input))
  return { sessionId: SessionId!, token: TokenValue!, url: StreamUrl! }
}

/** A Session document of one's own. */
export async function aSessionDocument(server: TestServer, Name: string, content: object): Promise<void> {
  const Content = JSON.stringify({ schemaVersion: '1.0', ...content })
  await server.client(SSMClient).send(new CreateDocumentCommand({ Name, Content, DocumentType: 'Session' }))
}

/** The preferences of the account. */
export function preferences(server: TestServer, inputs: object): Promise<void> {
  return aSessionDocument(server, 'SSM-SessionManagerRunShell', { sessionType: 'Standard_Stream', inputs })
}

/** A node with an open control channel that does with sessions what a test says, and remembers what it was sent. */
export class SessionNode implements AsyncDisposable {
  readonly #fake: FakeNode
  readonly starts: InteractiveShell[] = []
  readonly ends: ChannelClosed[] = []
  #socket: WebSocket | undefined

  private constructor(fake: FakeNode) {
    this.#fake = fake
  }

  static async enrol(server: TestServer): Promise<SessionNode> {
    const node = new SessionNode(await FakeNode.enrol(server))
    await node.connect()
    return node
  }

  get id(): string {
    return this.#fake.id
  }

  get #server(): TestServer {
    return this.#fake.server
  }

  async connect(): Promise<void> {
    const socket = await this.#fake.connect()
    this.#socket = socket
    socket.on('message', (data: Buffer) => {
      const { messageType, payload } = decodeAgentMessage(data)
      if (messageType === 'interactive_shell') this.starts.push(parseInteractiveShell(payload))
      if (messageType === 'channel_closed') this.ends.push(parseChannelClosed(payload))
    })
    await eventually(() => this.#server.house.isConnected(this.id))
    await this.#server.settle()
  }

  async disconnect(): Promise<void> {
    this.#socket?.terminate()
    await eventually(() => !this.#server.house.isConnected(this.id))
    await this.#server.settle()
  }

  /** The `count`th start that it was sent. */
  async start(count = 1): Promise<InteractiveShell> {
    await eventually(() => this.starts.length >= count)
    return this.starts[count - 1]!
  }

  async end(count = 1): Promise<ChannelClosed> {
    await eventually(() => this.ends.length >= count)
    return this.ends[count - 1]!
  }

  /** CreateDataChannel. */
  createDataChannel(sessionId: string): Promise<RawAnswer> {
    const { AccessKeyId, SecretAccessKey, SessionToken } = this.#fake.token!
    return rawCall(this.#server, {
      target: `/v1/data-channel/${sessionId}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ MessageSchemaVersion: '1.0', RequestId: randomUUID(), ClientId: '' }),
      service: 'ssmmessages',
      credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    })
  }

  /** Opens its side of the data channel. */
  async open({ sessionId, url }: Started): Promise<WebSocket> {
    const { text } = await this.createDataChannel(sessionId)
    return openChannel(url, /<TokenValue>([^<]+)/.exec(text)![1]!)
  }

  /** Says that a session is complete. */
  complete(sessionId: string, more: Partial<TaskComplete> = {}): void {
    const nothing = { output: '', s3Bucket: '', s3UrlSuffix: '', cwlGroup: '', cwlStream: '', retryNumber: 1 }
    this.#socket!.send(
      encodeAgentMessage({
        messageType: 'agent_task_complete',
        messageId: randomUUID(),
        createdDate: Date.now(),
        payload: formatTaskComplete({ sessionId, status: 'Success', nodeId: this.id, ...nothing, ...more }),
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.terminate()
  }
}

/** A side of a data channel that has shown its token. */
export async function openChannel(url: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const frame = { requestId: randomUUID(), tokenValue: token, clientId: randomUUID(), clientVersion: '1.2.677.0' }
  socket.send(formatClientOpenFrame(frame))
  return socket
}

/** What a client is told when its session is over. */
export async function lastWords(socket: WebSocket): Promise<string> {
  for (;;) {
    const [data] = (await once(socket, 'message')) as [Buffer]
    const { messageType, payload } = decodeAgentMessage(data)
    if (messageType === 'channel_closed') return parseChannelClosed(payload).output
  }
}
