import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetDocumentCommand, ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { eventually, startServer, type TestServer } from '@steward/testkit'
import { capturedIo } from '#testing/captured-io.ts'
import { auditSearch, auditTail, type Filters } from './audit-search.ts'

function ioOf(server: TestServer) {
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  return capturedIo({
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: server.house.config.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  })
}

test('X-19 search combines filters, shows the newest first and stops at its limit', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  await server.client(IAMClient).send(new CreateUserCommand({ UserName: 'ann' }))
  await ssm.send(new ListCommandsCommand({}))
  await assert.rejects(ssm.send(new GetDocumentCommand({ Name: 'Missing' })))
  const search = async (filters: Filters, limit = 50) => {
    const io = ioOf(server)
    await auditSearch(io, { ...filters, limit })
    const lines = io
      .out()
      .trim()
      .split('\n')
      .map((line) => line.replace(/^[-\d]+ [:\d]+ {2}/, ''))
    return lines.filter((line) => !line.includes('LookupEvents'))
  }
  const [get, list, create] = [
    'root  ssm:GetDocument  Missing  InvalidDocument',
    'root  ssm:ListCommands',
    'root  iam:CreateUser  ann',
  ]
  assert.deepEqual(await search({}), [get, list, create])
  assert.deepEqual(await search({ source: 'ssm', user: 'root' }, 1), [get])
  assert.deepEqual(await search({ failed: true }), [get])
  assert.deepEqual(await search({ writes: true, user: 'root' }), [create])
  assert.deepEqual(await search({ resource: 'ann', name: 'CreateUser' }), [create])
  assert.deepEqual(await search({ resource: 'ann', name: 'DeleteUser' }), [''])
})

test('X-19 tail shows calls as they come, and itself not', async () => {
  await using server = await startServer()
  const io = ioOf(server)
  const tail = auditTail(io, {})
  const ssm = server.client(SSMClient)
  await eventually(async () => {
    await ssm.send(new ListCommandsCommand({}))
    return io.out().includes('ssm:ListCommands')
  })
  io.interrupt()
  await tail
  assert.doesNotMatch(io.out(), /LookupEvents/)
})
