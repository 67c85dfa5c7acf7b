import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { CreateDocumentCommand, DescribeSessionsCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { eventually, startServer, type TestServer } from '@steward/testkit'
import { streamUrl } from '../session.ts'
import { aSessionDocument, lastWords, openChannel, preferences, SessionNode, started } from '../testing/session-node.ts'

async function statusOf(server: TestServer, SessionId: string) {
  const ssm = server.client(SSMClient)
  const filter = [{ key: 'SessionId', value: SessionId }] as const
  for (const State of ['Active', 'History'] as const) {
    const { Sessions } = await ssm.send(new DescribeSessionsCommand({ State, Filters: [...filter] }))
    if (Sessions![0]) return Sessions![0]
  }
  throw new Error(`There is no session ${SessionId}.`)
}

test('SM-01 StartSession answers with an id, a token and the address of the data channel', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const { sessionId, token, url } = await started(server, { Target: node.id, Reason: 'ticket 7' })
  assert.match(sessionId, /^root-[0-9a-z]{17}$/)
  assert.match(token, /^[A-Za-z0-9]{30,300}$/)
  assert.equal(url, `ws://${new URL(server.url).host}/v1/data-channel/${sessionId}?role=publish_subscribe`)

  const { StartDate, ...session } = await statusOf(server, sessionId)
  assert.ok(StartDate)
  assert.deepEqual(session, {
    SessionId: sessionId,
    Target: node.id,
    Status: 'Connecting',
    DocumentName: 'SSM-SessionManagerRunShell',
    Owner: 'arn:aws:iam::000000000000:root',
    Reason: 'ticket 7',
    Details: '',
    OutputUrl: { S3OutputUrl: '', CloudWatchOutputUrl: '' },
    AccessType: 'Standard',
  })
})

test('SM-01 the data channel is where the caller came, with TLS if it came with TLS', () => {
  const url = (origin: string) => streamUrl(origin, 'a-1')
  assert.equal(url('http://h:1'), 'ws://h:1/v1/data-channel/a-1?role=publish_subscribe')
  assert.equal(url('https://steward.example'), 'wss://steward.example/v1/data-channel/a-1?role=publish_subscribe')
})

test('SM-02 a target that is unknown, offline, or of ECS is not connected', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const unknown = 'mi-00000000000000000'
  const refused = (Target: string, message: string | RegExp) =>
    assert.rejects(started(server, { Target }), { name: 'TargetNotConnected', message })
  await refused(unknown, `${unknown} is not connected.`)
  await refused('i-0123456789abcdef0', 'i-0123456789abcdef0 is not connected.')
  await refused('ecs:cluster_task_runtime', /^ecs:cluster_task_runtime is not connected\./)
  await node.disconnect()
  await eventually(() => refused(node.id, `${node.id} is not connected.`).then(() => true))
})

test('SM-03 without preferences of the account a node gets a shell with the defaults of AWS', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const { sessionId } = await started(server, { Target: node.id })
  assert.deepEqual(await node.start(), {
    sessionId,
    documentName: 'SSM-SessionManagerRunShell',
    documentContent: {
      schemaVersion: '1.0',
      sessionType: 'Standard_Stream',
      inputs: {
        s3BucketName: '',
        s3KeyPrefix: '',
        s3EncryptionEnabled: true,
        cloudWatchLogGroupName: '',
        cloudWatchEncryptionEnabled: true,
        cloudWatchStreamingEnabled: true,
        kmsKeyId: '',
        runAsEnabled: false,
        runAsDefaultUser: '',
        idleSessionTimeout: '20',
        maxSessionDuration: '',
        shellProfile: { linux: '', windows: '' },
      },
    },
    parameters: {},
    runAsUser: '',
    sessionOwner: 'arn:aws:iam::000000000000:root',
  })
})

test('SM-04 preferences reach shells and, below their own inputs, sessions of other types', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  // Booleans as texts, as people write them; agents would drop the message.
  await preferences(server, { s3BucketName: 'logs', cloudWatchStreamingEnabled: 'false', maxSessionDuration: '60' })
  const { sessionId } = await started(server, { Target: node.id })
  const inputsOf = async (count: number) => (await node.start(count)).documentContent.inputs as Record<string, unknown>
  assert.partialDeepStrictEqual(await inputsOf(1), { s3BucketName: 'logs', cloudWatchStreamingEnabled: false })
  assert.equal((await statusOf(server, sessionId)).MaxSessionDuration, '60')

  await started(server, { Target: node.id, DocumentName: 'AWS-StartSSHSession' })
  assert.partialDeepStrictEqual(await inputsOf(2), { s3BucketName: 'logs', maxSessionDuration: '60' })

  const shell = { sessionType: 'Standard_Stream', inputs: { idleSessionTimeout: '5' } }
  await aSessionDocument(server, 'Plain', shell)
  await started(server, { Target: node.id, DocumentName: 'Plain' })
  assert.partialDeepStrictEqual(await inputsOf(3), {
    s3BucketName: '',
    idleSessionTimeout: '5',
    maxSessionDuration: '',
  })
})

test('SM-03 a document that is none of sessions, or not there, is refused', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const refused = (DocumentName: string, message: string) =>
    assert.rejects(started(server, { Target: node.id, DocumentName }), { name: 'InvalidDocument', message })
  await refused(
    'AWS-RunShellScript',
    "Document type: 'Command' is not supported. Only type: 'Session' is supported for Session Manager.",
  )
  await refused('Nowhere', 'Document with name Nowhere does not exist.')
})

test('SM-14 parameters are checked, and reach the node as single texts', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const forward = (Parameters: Record<string, string[]>) =>
    started(server, {
      Target: node.id,
      DocumentName: 'AWS-StartPortForwardingSessionToRemoteHost',
      Parameters,
    })
  await forward({ portNumber: ['9000'], localPortNumber: ['9100'], host: ['db.internal'] })
  const { parameters, documentContent } = await node.start()
  assert.deepEqual(parameters, { portNumber: '9000', localPortNumber: '9100', host: 'db.internal' })
  assert.partialDeepStrictEqual(documentContent, { properties: { portNumber: '{{ portNumber }}' } })
  for (const wrong of [
    { portNumber: ['0'] },
    { portNumber: ['65536'] },
    { portNumber: ['80', '81'] },
    { host: ['a b'] },
    { user: ['root'] },
  ]) {
    await assert.rejects(forward(wrong as unknown as Record<string, string[]>), { name: 'ValidationException' })
  }
})

test('DOC-09 references to Parameter Store are resolved for the caller', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const ssm = server.client(SSMClient)
  await ssm.send(new PutParameterCommand({ Name: 'db-host', Value: 'db.internal', Type: 'String' }))
  const Parameters = { portNumber: ['5432'], host: ['{{ssm:db-host}}'] }
  const DocumentName = 'AWS-StartPortForwardingSessionToRemoteHost'
  await started(server, { Target: node.id, DocumentName, Parameters })
  assert.deepEqual((await node.start()).parameters, { portNumber: '5432', host: 'db.internal' })
  await assert.rejects(started(server, { Target: node.id, DocumentName, Parameters: { host: ['{{ssm:nowhere}}'] } }), {
    name: 'ValidationException',
  })
  await ssm.send(new PutParameterCommand({ Name: 'bucket', Value: 'session-logs', Type: 'String' }))
  await preferences(server, { s3BucketName: '{{ssm:bucket}}' })
  await started(server, { Target: node.id, DocumentName, Parameters })
  assert.partialDeepStrictEqual((await node.start(2)).documentContent, { inputs: { s3BucketName: 'session-logs' } })
})

test('X-19 the record of a session names the parameters that it took, those of the preferences too', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const ssm = server.client(SSMClient)
  for (const [Name, Value] of Object.entries({ 'db-host': 'db.internal', bucket: 'session-logs' }))
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String' }))
  await preferences(server, { s3BucketName: '{{ssm:bucket}}' })
  const Parameters = { portNumber: ['5432'], host: ['{{ssm:db-host}}'] }
  await started(server, {
    Target: node.id,
    DocumentName: 'AWS-StartPortForwardingSessionToRemoteHost',
    Parameters,
  })
  const LookupAttributes = [{ AttributeKey: 'EventName', AttributeValue: 'StartSession' } as const]
  const { Events = [] } = await server.client(CloudTrailClient).send(new LookupEventsCommand({ LookupAttributes }))
  const { resources } = JSON.parse(Events[0]!.CloudTrailEvent!) as { resources: { ARN: string }[] }
  const named = resources.map(({ ARN }) => ARN.replace(/^.*:/, ''))
  assert.deepEqual(named.slice(0, -1), [
    `managed-instance/${node.id}`,
    'document/AWS-StartPortForwardingSessionToRemoteHost',
    'parameter/bucket',
    'parameter/db-host',
  ])
})

test('SM-01 a start that may be lost is sent again until the node opens the data channel', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const session = await started(server, { Target: node.id })
  const first = await node.start()
  await server.advance(2_100)
  assert.deepEqual(await node.start(2), first)
  const socket = await node.open(session)
  await eventually(async () => (await statusOf(server, session.sessionId)).Status === 'Connected')
  await server.advance(10_000)
  assert.equal(node.starts.length, 2)
  socket.terminate()
})

test('SM-02 the client of a node that never answers is told so after 15 seconds', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const { sessionId, token, url } = await started(server, { Target: node.id })
  const client = await openChannel(url, token)
  const words = lastWords(client)
  await server.settle()
  await server.advance(15_100)
  assert.equal(await words, 'The node did not answer in time. Look at the log of its agent.')
  const { Status, Details } = await statusOf(server, sessionId)
  assert.deepEqual([Status, Details], ['Failed', 'The node did not answer in time. Look at the log of its agent.'])
  const { status, text } = await node.createDataChannel(sessionId)
  assert.notEqual(status, 201)
  assert.match(text, /Session is already terminated/)
  assert.equal((await node.end()).sessionId, sessionId)
  client.terminate()
})

test('SM-22 a document says which commands may be run', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  await aSessionDocument(server, 'Look-Only', {
    sessionType: 'InteractiveCommands',
    parameters: { command: { type: 'String' } },
    inputs: { stewardSessionPolicy: { allowedCommands: ['journalctl( -u [a-z]+)?', 'uptime'] } },
    properties: { linux: { commands: '{{ command }}', runAsElevated: true } },
  })
  const run = (command: string) =>
    started(server, { Target: node.id, DocumentName: 'Look-Only', Parameters: { command: [command] } })
  await run('uptime')
  await run('journalctl -u nginx')
  assert.equal('stewardSessionPolicy' in ((await node.start()).documentContent.inputs as object), false)
  for (const command of ['uptime; rm -rf /', 'journalctl -u nginx && sh', 'sh']) {
    await assert.rejects(run(command), { name: 'AccessDeniedException' })
  }
})

test('SM-04 a document whose inputs cannot be is refused when it is made', async () => {
  await using server = await startServer()
  const make = (content: object) =>
    server.client(SSMClient).send(
      new CreateDocumentCommand({
        Name: 'Wrong',
        DocumentType: 'Session',
        Content: JSON.stringify({ schemaVersion: '1.0', sessionType: 'Standard_Stream', ...content }),
      }),
    )
  for (const inputs of [
    { idleSessionTimeout: '0' },
    { idleSessionTimeout: '61' },
    { maxSessionDuration: '1441' },
    { runAsEnabled: 'maybe' },
    { s3BucketName: 5 },
    { shellProfile: { linux: 'x'.repeat(513) } },
    { stewardSessionPolicy: { readonly: true } },
    { stewardSessionPolicy: { forbiddenPatterns: ['('] } },
  ]) {
    await assert.rejects(make({ inputs }), { name: 'InvalidDocumentContent' }, JSON.stringify(inputs))
  }
})
