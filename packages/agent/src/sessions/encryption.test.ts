import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  formatEncChallenge,
  type HandshakeRequest,
  parseEncChallenge,
  parseHandshakeComplete,
  payloadType,
} from '@steward/protocol/session/index.ts'
import { agentCipher } from '#sessions/encryption.ts'
import type { StubSession } from '#testing/stub-session.ts'
import { TestNode } from '#testing/test-node.ts'

const kmsKeyId = 'arn:aws:kms:us-east-1:111122223333:key/1234'
const shell = { schemaVersion: '1.0', sessionType: 'Standard_Stream', inputs: { kmsKeyId } }

/** The client's cipher under a data key: the agent's, with the two halves the other way round. */
function clientCipher(dataKey: Buffer) {
  return agentCipher(Buffer.concat([dataKey.subarray(32), dataKey.subarray(0, 32)]))
}

/** Hands a data key over, and answers the challenge by a cipher. The stub's KMS takes ciphertexts for plaintexts. */
function handsOver(session: StubSession, dataKey: Buffer, answers = clientCipher(dataKey)): void {
  const result = { KMSCipherTextKey: dataKey.toString('base64') }
  session.answer = ({ actions }: HandshakeRequest) =>
    actions.map(({ actionType }) => ({ actionType, status: 1, ...(actionType === 'KMSEncryption' && { result }) }))
  session.onMessage = (type, payload) => {
    if (type !== payloadType.encChallengeRequest) return
    const challenge = clientCipher(dataKey).decrypt(Buffer.from(parseEncChallenge(payload), 'base64'))
    const answer = Buffer.from(answers.encrypt(challenge)).toString('base64')
    session.channel.send(payloadType.encChallengeResponse, formatEncChallenge(answer))
  }
}

test('SM-13 the shell of an encrypted session is typed to and read by who has the key', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  const dataKey = randomBytes(64)
  const cipher = clientCipher(dataKey)
  handsOver(session, dataKey)
  const complete = await session.shows('HandshakeTimeToComplete', payloadType.handshakeComplete)
  assert.equal(parseHandshakeComplete(complete).customerMessage, 'This session is encrypted using AWS KMS.')
  session.channel.send(payloadType.size, '{"cols":99,"rows":33}')
  session.channel.send(payloadType.output, cipher.encrypt(Buffer.from('stty size; exit\r')))
  await session.ended()
  const output = session.messages.filter(({ type }) => type === payloadType.output)
  const shown = output.map(({ payload }) => Buffer.from(cipher.decrypt(payload)).toString()).join('')
  assert.match(shown, /33 99\r\n/)
  assert.doesNotMatch(session.text(), /stty/)
  const call = node.server.calls.find(({ operation }) => operation === 'TrentService.Decrypt')
  assert.deepEqual(call?.input, {
    CiphertextBlob: dataKey.toString('base64'),
    KeyId: kmsKeyId,
    EncryptionContext: { 'aws:ssm:SessionId': session.sessionId, 'aws:ssm:TargetId': node.server.nodeId },
  })
})

test('SM-13 a client with another key gets no shell', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  handsOver(session, randomBytes(64), clientCipher(randomBytes(64)))
  const { status, output } = await session.ended()
  assert.deepEqual([status, output], ['Failed', 'The client has another encryption key.'])
})

test('SM-13 what KMS refuses, or the client cannot do, is the reason of the end', async () => {
  await using node = await TestNode.connected()
  const refused = node.server.startSession(shell)
  handsOver(refused, Buffer.from('not allowed'))
  assert.match((await refused.ended()).output, /KMS does not decrypt .* AccessDeniedException/)
  const unable = node.server.startSession(shell)
  unable.answer = () => [{ actionType: 'KMSEncryption', status: 2, error: 'no credentials' }]
  const { output } = await unable.ended()
  assert.equal(output, 'KMSEncryption failed on client with status 2 error: no credentials')
})

test('SM-13 typed bytes that were changed on the way end the session', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  handsOver(session, randomBytes(64))
  await session.shows('HandshakeTimeToComplete', payloadType.handshakeComplete)
  session.channel.send(payloadType.output, randomBytes(64))
  assert.equal((await session.ended()).status, 'Failed')
})
