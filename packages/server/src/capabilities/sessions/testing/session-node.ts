import {
  SSMClient,
  StartSessionCommand,
  type StartSessionCommandInput,
  type StartSessionCommandOutput,
} from '@aws-sdk/client-ssm'
import { decodeAgentMessage } from '@steward/protocol'
import { type InteractiveShell, parseInteractiveShell } from '@steward/protocol/session/index.ts'
import { eventually, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'

/** A node with an open control channel, which remembers what it is sent about sessions. */
export interface SessionNode extends AsyncDisposable {
  readonly id: string
  readonly fake: FakeNode
  readonly starts: readonly InteractiveShell[]
}

export async function aSessionNode(server: TestServer): Promise<SessionNode> {
  const fake = await FakeNode.enrol(server)
  const starts: InteractiveShell[] = []
  const socket = await fake.connect()
  socket.on('message', (data: Buffer) => {
    const message = decodeAgentMessage(data)
    if (message.messageType === 'interactive_shell') starts.push(parseInteractiveShell(message.payload))
  })
  await eventually(async () => server.house.isConnected(fake.id))
  await server.settle()
  return {
    id: fake.id,
    fake,
    starts,
    async [Symbol.asyncDispose]() {
      socket.terminate()
    },
  }
}

/** A session that was started with the SDK as the root of the account. */
export function started(server: TestServer, input: StartSessionCommandInput): Promise<StartSessionCommandOutput> {
  return server.client(SSMClient).send(new StartSessionCommand(input))
}
