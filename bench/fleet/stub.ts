/**
 * What a fleet is measured beside: a relay that lets anybody in, checks no signature and stores nothing. `POST /send` gives every
 * connected node one job, acknowledges the replies, and answers with the milliseconds until the last final one.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  decodeAgentMessage,
  encodeAgentMessage,
  formatAgentJob,
  formatAgentJobReplyAck,
  formatSendCommand,
  isFinal,
  jobIdOf,
  messageType,
  parseAgentJobReply,
  parseReply,
  serverPingSeconds,
} from '@steward/protocol'
import { type WebSocket, WebSocketServer } from 'ws'

const nodes = new Map<string, WebSocket>()
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false })
let sending: { began: number; left: number; answer: ServerResponse } | undefined

const server = createServer((request, response) => {
  request.resume()
  if (request.url === '/send') sendToAll(response)
  else {
    const body = '<CreateControlChannelResponse><TokenValue>open</TokenValue></CreateControlChannelResponse>'
    response.writeHead(201, { 'content-length': body.length }).end(body)
  }
})

server.on('upgrade', (request, socket, head) => {
  const nodeId = /control-channel\/([^?]+)/.exec(request.url!)![1]!
  sockets.handleUpgrade(request, socket, head, (ws) => {
    nodes.set(nodeId, ws)
    ws.on('error', () => ws.terminate())
    ws.on('close', () => nodes.delete(nodeId))
    ws.on('message', (data: Buffer, isBinary) => {
      if (isBinary) receive(ws, data)
    })
  })
})

function receive(ws: WebSocket, data: Buffer): void {
  const message = decodeAgentMessage(data)
  if (message.messageType !== messageType.agentJobReply) return
  const { jobId, content } = parseAgentJobReply(message.payload)
  send(ws, messageType.agentJobReplyAck, formatAgentJobReplyAck({ jobId, acknowledgedMessageId: message.messageId }))
  if (!sending || !isFinal(parseReply(content).documentStatus)) return
  sending.left--
  if (sending.left === 0) sending.answer.end(String(performance.now() - sending.began))
}

function sendToAll(answer: ServerResponse): void {
  sending = { began: performance.now(), left: nodes.size, answer }
  const commandId = randomUUID()
  const content = formatSendCommand({
    commandId,
    documentName: 'AWS-RunShellScript',
    documentContent: { schemaVersion: '2.2', mainSteps: [{ action: 'aws:runShellScript', name: 'runShellScript' }] },
    parameters: { commands: ['echo hello'] },
    outputS3BucketName: '',
    outputS3KeyPrefix: '',
    cloudWatchLogGroupName: '',
    cloudWatchOutputEnabled: false,
  })
  for (const [nodeId, ws] of nodes) {
    const job = { jobId: jobIdOf(commandId, nodeId), topic: 'aws.ssm.sendCommand.stub', content }
    send(ws, messageType.agentJob, formatAgentJob(job))
  }
}

function send(ws: WebSocket, type: string, payload: string): void {
  ws.send(encodeAgentMessage({ messageType: type, messageId: randomUUID(), createdDate: Date.now(), payload }))
}

setInterval(() => {
  for (const ws of nodes.values()) ws.ping()
}, serverPingSeconds * 1000)
server.listen(0, '127.0.0.1', () => process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.on('disconnect', () => process.exit())
