import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { formatTokenFrame } from '@steward/protocol'
import { signRequest } from '@steward/protocol/signature.ts'
import type { TestServer } from '@steward/testkit'
import { WebSocket } from 'ws'
import type { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { jsonCall, type RawAnswer, type RawCall, rawCall } from '#door/testing/raw-call.ts'

/** A node's temporary credentials; it must have asked for a token. */
export function credentialsOf({ token }: FakeNode): NonNullable<RawCall['credentials']> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = token!
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

/** CreateControlChannel for `nodeId`, as `caller`. */
export function createChannel(server: TestServer, nodeId: string, caller: RawCall): Promise<RawAnswer> {
  const body = JSON.stringify({ MessageSchemaVersion: '1.0', RequestId: randomUUID() })
  const headers = { 'content-type': 'application/json' }
  return rawCall(server, { target: `/v1/control-channel/${nodeId}`, headers, body, service: 'ssmmessages', ...caller })
}

/** The one-time token for a node's own control channel. */
export async function channelToken(node: FakeNode): Promise<string> {
  const { text } = await createChannel(node.server, node.id, { credentials: credentialsOf(node) })
  return /<TokenValue>([^<]+)/.exec(text)![1]!
}

/** Asks for the WebSocket of `nodeId` with the credentials of `node`. Its errors are left to whoever waits for it. */
export function openSocket(node: FakeNode, nodeId = node.id, more: { autoPong?: boolean } = {}): WebSocket {
  const url = new URL(`/v1/control-channel/${nodeId}?role=subscribe&stream=input`, node.server.url)
  const { region } = node.server.house.config
  const request = { method: 'GET', url, headers: {}, body: '', service: 'ssmmessages', region }
  const signed = signRequest({ ...request, date: node.server.house.clock.now() }, credentialsOf(node))
  const { host: _host, ...headers } = signed
  const socket = new WebSocket(url.href.replace('http', 'ws'), { headers, ...more })
  socket.on('error', () => {})
  return socket
}

export function tokenFrame(tokenValue: string): string {
  return formatTokenFrame({ requestId: randomUUID(), tokenValue, agentVersion: '3.2.0.0', platformType: 'linux' })
}

/** An open socket that has sent a token. Whether it was good shows in what comes next. */
export async function socketWith(node: FakeNode, token: string): Promise<WebSocket> {
  const socket = openSocket(node)
  await once(socket, 'open')
  socket.send(tokenFrame(token))
  return socket
}

/** Resolves when the server has read what was sent before: it answers pings in order. False if the socket closed. */
export function isAlive(socket: WebSocket): Promise<boolean> {
  if (socket.readyState !== WebSocket.OPEN) return Promise.resolve(false)
  return new Promise((resolve) => {
    const end = (event: 'pong' | 'close') => {
      socket.off('pong', pong).off('close', close)
      resolve(event === 'pong')
    }
    const [pong, close] = [() => end('pong'), () => end('close')]
    socket.on('pong', pong).on('close', close).ping()
  })
}

/** A call of ec2messages, the older way in. */
export function ec2messages(node: FakeNode, operation: string, input: object, more: RawCall = {}): Promise<RawAnswer> {
  const target = `EC2WindowsMessageDeliveryService.${operation}`
  return jsonCall(node.server, target, input, { service: 'ec2messages', credentials: credentialsOf(node), ...more })
}
