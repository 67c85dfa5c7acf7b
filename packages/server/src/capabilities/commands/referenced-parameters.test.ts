import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDocumentCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { parseSendCommand } from '@steward/protocol'
import { startServer } from '@steward/testkit'
import { aUser } from '#iam/testing/a-user.ts'
import { RunCommand } from './testing/run-command.ts'

async function start() {
  const server = await startServer()
  const ssm = server.client(SSMClient)
  const node = await server.fakeNode()
  const put = (Name: string, Value: string, Type: 'String' | 'StringList' | 'SecureString' = 'String') =>
    ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }))
  return {
    server,
    ssm,
    node,
    put,
    run: new RunCommand(server),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

test('DOC-09 references to Parameter Store reach the node as values, and are shown as they were asked for', async () => {
  await using it = await start()
  await it.put('/app/word', 'hello')
  await it.put('/app/word', 'goodbye')
  await it.put('list', 'a,b', 'StringList')
  const commands = ['echo {{ssm:/app/word}} {{ ssm:/app/word:1 }}', 'echo {{ssm:list}}', 'echo {{ other }}']
  const sent = await it.run.send({ InstanceIds: [it.node.id], Parameters: { commands } })
  assert.deepEqual(sent.Parameters, { commands })
  const told = parseSendCommand((await it.node.nextJob()).content)
  assert.deepEqual(told.parameters, { commands: ['echo goodbye hello', 'echo a,b', 'echo {{ other }}'] })
})

test('DOC-09 a document may refer too, and what is resolved is checked like any value', async () => {
  await using it = await start()
  await it.put('size', 'large')
  const content = {
    schemaVersion: '2.2',
    parameters: { size: { type: 'String', default: '{{ssm:size}}', allowedValues: ['large', '{{ssm:size}}'] } },
    mainSteps: [
      { action: 'aws:runShellScript', name: 'step', inputs: { runCommand: ['echo {{ size }} {{ssm:size}}'] } },
    ],
  }
  const document = { Name: 'Sized', DocumentType: 'Command', Content: JSON.stringify(content) } as const
  await it.ssm.send(new CreateDocumentCommand(document))
  const to = { DocumentName: 'Sized', InstanceIds: [it.node.id] }
  await it.run.send({ ...to, Parameters: {} })
  const told = JSON.stringify(parseSendCommand((await it.node.nextJob()).content).documentContent)
  assert.match(told, /"default":"large"/)
  assert.match(told, /echo \{\{ size \}\} large/)
  await it.put('size', 'small')
  await assert.rejects(it.run.send({ ...to, Parameters: { size: ['{{ssm:size}}'] } }), { name: 'InvalidParameters' })
})

test('DOC-09 what is not there, and a SecureString, are refused before anything is sent', async () => {
  await using it = await start()
  await it.put('secret', 'hidden', 'SecureString')
  const send = (text: string) => it.run.send({ InstanceIds: [it.node.id], Parameters: { commands: [`echo ${text}`] } })
  await assert.rejects(send('{{ssm:secret}}'), { name: 'InvalidParameters', message: /ssm:secret is a SecureString/ })
  await assert.rejects(send('{{ssm:nothing}}'), { name: 'InvalidParameters', message: /ssm:nothing was not found/ })
  await assert.rejects(send('{{ssm:secret:7}}'), { name: 'InvalidParameters' })
})

test('DOC-09 X-12 whoever sends a reference must be allowed to read what it refers to', async () => {
  await using it = await start()
  await it.put('/open/word', 'v')
  await it.put('/closed/word', 'v')
  const arn = 'arn:aws:ssm:us-east-1:000000000000:parameter'
  const statements = [
    { Effect: 'Allow', Action: 'ssm:SendCommand', Resource: '*' },
    { Effect: 'Allow', Action: 'ssm:GetParameters', Resource: `${arn}/open/*` },
  ]
  const credentials = await aUser(it.server, 'sender', { statements })
  const run = new RunCommand(it.server, undefined, credentials)
  const send = (text: string) => run.send({ InstanceIds: [it.node.id], Parameters: { commands: [text] } })
  await send('{{ssm:/open/word}}')
  await assert.rejects(send('{{ssm:/closed/word}}'), {
    name: 'AccessDeniedException',
    message: new RegExp(`ssm:GetParameters on resource: ${arn}/closed/word`),
  })
})
