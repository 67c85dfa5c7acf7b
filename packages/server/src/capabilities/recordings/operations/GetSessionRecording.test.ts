import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { decodeAgentMessage } from '@steward/protocol'
import { parseCastLine } from '@steward/protocol/recording/cast.ts'
import { CAST_GENESIS, castHash } from '@steward/protocol/recording/cast-chain.ts'
import { formatClientOpenFrame } from '@steward/protocol/session/index.ts'
import { eventually, startServer } from '@steward/testkit'
import { WebSocket } from 'ws'
import { randomIds } from '#kernel/ids.ts'
import { aConnectedNode, ask, RecordedSession } from '../testing/recorded-session.ts'

test('SM-12 what a session shows is recorded by the gateway, can be followed, and is sealed on the audit trail', async () => {
  await using server = await startServer()
  const node = await aConnectedNode(server)
  const session = await RecordedSession.start(server, node)
  const { sessionId: SessionId } = session
  session.show('$ ')
  await session.stored('$ ')
  // A page token is good for the same question only.
  const page = (NextToken?: unknown) => ask(server, 'GetSessionRecording', { SessionId, WaitSeconds: 20, NextToken })
  const first = await page()
  assert.equal(first.Complete, false)
  const news = page(first.NextToken)
  session.show('hello\r\n')
  const second = await news
  assert.deepEqual(
    (second.Lines as string[]).map((line) => parseCastLine(line)?.data),
    ['hello\r\n'],
  )
  await session.end()

  const last = await page(second.NextToken)
  assert.deepEqual([last.Complete, last.NextToken, last.Lines], [true, undefined, []])
  const whole = await session.lines()
  assert.deepEqual(whole, [...(first.Lines as string[]), ...(second.Lines as string[])])
  const recording = await session.recording()
  const { StartDate, EndDate, Hash, AuditEventId, ...rest } = recording
  assert.ok(StartDate && EndDate)
  assert.deepEqual(rest, {
    SessionId,
    Target: node.id,
    Owner: 'arn:aws:iam::000000000000:root',
    DocumentName: 'SSM-SessionManagerRunShell',
    SessionType: 'Standard_Stream',
    Content: 'Terminal',
    Cut: false,
    Lines: 3,
    Bytes: 9,
  })
  assert.equal(Hash, whole.reduce(castHash, CAST_GENESIS))

  const { Events } = await server.client(CloudTrailClient).send(
    new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: 'EventId', AttributeValue: String(AuditEventId) }],
    }),
  )
  const event = JSON.parse(Events![0]!.CloudTrailEvent!)
  assert.deepEqual([event.eventName, event.additionalEventData.hash], ['SealSessionRecording', Hash])
  const verified = await ask(server, 'VerifySessionRecording', { SessionId })
  assert.deepEqual(verified, { Complete: true, Intact: true, Sealed: true, Cut: false, Lines: 3, Hash, AuditEventId })
  assert.equal((await ask(server, 'VerifyAuditTrail', {})).Intact, true)
})

test('SM-12 who was shown what is on record, and refused what does not exist', async () => {
  await using server = await startServer()
  const session = await RecordedSession.start(server, await aConnectedNode(server))
  const { sessionId: SessionId } = session
  session.show('a needle in it\r\n')
  await session.stored('needle')
  const watch = await ask(server, 'WatchSession', { SessionId })
  assert.match(String(watch.StreamUrl), new RegExp(`^ws://.*/v1/data-channel/${SessionId}\\?`))
  const viewer = new WebSocket(String(watch.StreamUrl))
  const frames: string[] = []
  viewer.on('message', (data: Buffer) => frames.push(Buffer.from(decodeAgentMessage(data).payload).toString()))
  await once(viewer, 'open')
  const token = { requestId: randomIds.uuid(), tokenValue: String(watch.TokenValue), clientId: '', clientVersion: '' }
  viewer.send(formatClientOpenFrame(token))
  // A pong comes when the token was read.
  viewer.ping()
  await once(viewer, 'pong')
  session.show('seen by others\r\n')
  await eventually(() => frames.some((text) => text === 'seen by others\r\n'))
  await session.end()
  await eventually(() => viewer.readyState === WebSocket.CLOSED)
  await ask(server, 'SearchSessionRecordings', { Query: 'needle' })
  await session.lines()
  const { Views } = await ask(server, 'ListSessionRecordingViews', { SessionId })
  const kinds = (Views as { Kind: string; Viewer: string }[]).map(({ Kind }) => Kind)
  assert.deepEqual(kinds.slice(0, 3), ['Replay', 'Search', 'Watch'])
  assert.equal((Views as { Viewer: string }[])[0]!.Viewer, 'arn:aws:iam::000000000000:root')

  for (const operation of ['GetSessionRecording', 'VerifySessionRecording', 'ListSessionRecordingViews'])
    await assert.rejects(ask(server, operation, { SessionId: 'nobody-0' }), { name: 'SessionRecordingNotFound' })
  await assert.rejects(ask(server, 'WatchSession', { SessionId }), { name: 'DoesNotExistException' })
})
