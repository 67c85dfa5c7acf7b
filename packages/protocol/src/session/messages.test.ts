import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ProtocolError } from '#protocol-error.ts'
import * as session from '#session/index.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('the open frames of the real programs are read', () => {
  const client =
    '{"MessageSchemaVersion":"1.0","RequestId":"c0","TokenValue":"t","ClientId":"75ced172","ClientVersion":"1.2.677.0"}'
  const expected = { requestId: 'c0', tokenValue: 't', clientId: '75ced172', clientVersion: '1.2.677.0' }
  assert.deepEqual(session.parseOpenFrame(client), { ...expected, clientInstanceId: '' })
  assert.equal(session.formatClientOpenFrame(expected), client)
  const agent =
    '{"MessageSchemaVersion":"1.0","RequestId":"5a","TokenValue":"t","ClientInstanceId":"mi-0","ClientId":""}'
  assert.equal(session.parseOpenFrame(agent).clientInstanceId, 'mi-0')
  assert.equal(session.formatAgentOpenFrame({ requestId: '5a', tokenValue: 't', clientInstanceId: 'mi-0' }), agent)
})

test('the handshake of the real programs is read and written', () => {
  const request =
    '{"AgentVersion":"3.2.2303.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":' +
    '{"SessionType":"Port","Properties":{"localPortNumber":"9100","portNumber":"9000","type":"LocalPortForwarding"}}}]}'
  assert.equal(session.formatHandshakeRequest(session.parseHandshakeRequest(request)), request)
  const response =
    '{"ClientVersion":"1.2.677.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1,' +
    '"ActionResult":null,"Error":""}],"Errors":null}'
  assert.equal(session.formatHandshakeResponse(session.parseHandshakeResponse(response)), response)
  const complete = '{"HandshakeTimeToComplete":1217250,"CustomerMessage":""}'
  assert.equal(session.formatHandshakeComplete(session.parseHandshakeComplete(complete)), complete)
})

test('a session of no known type is refused; another action is kept by its name', () => {
  const request = (action: object) => JSON.stringify({ AgentVersion: '', RequestedClientActions: [action] })
  const unknownType = { ActionType: 'SessionType', ActionParameters: { SessionType: 'Telepathy' } }
  assert.throws(() => session.parseHandshakeRequest(request(unknownType)), /SessionType is not known/)
  assert.deepEqual(session.parseHandshakeRequest(request({ ActionType: 'Dance' })).actions, [
    { actionType: 'other', name: 'Dance' },
  ])
})

test('features travel in a member of our own', () => {
  const request = { agentVersion: '', actions: [], features: ['half-close'] }
  assert.deepEqual(session.parseHandshakeRequest(session.formatHandshakeRequest(request)), request)
  const response = { clientVersion: '', actions: [], errors: [], features: ['half-close'] }
  assert.deepEqual(session.parseHandshakeResponse(session.formatHandshakeResponse(response)), response)
})

test('the start of a session survives its two layers of JSON', () => {
  const start = {
    sessionId: 's-1',
    documentName: 'AWS-StartSSHSession',
    documentContent: { schemaVersion: '1.0', sessionType: 'Port', properties: { portNumber: '{{ portNumber }}' } },
    parameters: { portNumber: '22' },
    runAsUser: '',
    sessionOwner: 'arn:aws:iam::123456789012:user/someone',
  }
  assert.deepEqual(session.parseInteractiveShell(bytes(session.formatInteractiveShell(start))), start)
})

test('the end of a session is read as agents say it', () => {
  const payload =
    '{"SchemaVersion":1,"TaskId":"s-1","Topic":"agent_task_complete","FinalTaskStatus":"Failed","IsRoutingFailure":false,' +
    '"AwsAccountId":"","InstanceId":"mi-0","Output":"no such user","S3Bucket":"","S3UrlSuffix":"","CwlGroup":"",' +
    '"CwlStream":"","RetryNumber":1}'
  assert.equal(session.formatTaskComplete(session.parseTaskComplete(payload)), payload)
  assert.throws(() => session.parseTaskComplete('{"TaskId":"s-1","FinalTaskStatus":"Perhaps"}'), ProtocolError)
})

test('small payloads are what they were', () => {
  assert.equal(
    session.formatTerminalSize(session.parseTerminalSize('{"cols":100,"rows":30}')),
    '{"cols":100,"rows":30}',
  )
  assert.equal(session.parseFlag(session.formatFlag(session.sessionFlag.terminateSession)), 2)
  assert.equal(session.parseExitCode(bytes(session.formatExitCode(-4))), -4)
  const state = { sessionId: 's-1', state: 'Connected' }
  assert.deepEqual(session.parseAgentSessionState(session.formatAgentSessionState(state)), state)
  const closed = { messageId: 'm', sessionId: 's', destinationId: 'mi-0', createdDate: '2026', output: 'bye' }
  assert.deepEqual(session.parseChannelClosed(session.formatChannelClosed(closed)), closed)
  const acknowledge = { messageType: 'output_stream_data', messageId: 'm', sequenceNumber: 7 }
  assert.deepEqual(session.parseAcknowledge(session.formatAcknowledge(acknowledge)), acknowledge)
  const taken = { messageId: 'm', sessionId: 's' }
  assert.deepEqual(session.parseTaskAcknowledge(session.formatTaskAcknowledge(taken)), taken)
  assert.equal(session.parseEncChallenge(session.formatEncChallenge('YQ==')), 'YQ==')
})

test('an empty channel_closed is one without a word', () => {
  assert.equal(session.parseChannelClosed('{}').output, '')
})

test('any payload is read or a ProtocolError', () => {
  const parsers = Object.entries(session).filter(([name]) => name.startsWith('parse'))
  const json = fc.oneof(
    fc.json(),
    fc.json().map((text) => `{"ActionType":${text},"RequestedClientActions":[${text}]}`),
  )
  const payloads = fc.oneof(fc.uint8Array({ maxLength: 60 }), json.map(bytes))
  fc.assert(
    fc.property(payloads, (payload) => {
      for (const [name, parse] of parsers) {
        try {
          ;(parse as (payload: Uint8Array) => unknown)(payload)
        } catch (error) {
          assert.ok(error instanceof ProtocolError, `${name}: ${error}`)
        }
      }
    }),
    { numRuns: 400 },
  )
})
