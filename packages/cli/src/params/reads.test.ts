import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { steward } from '#main.ts'
import { capturedIo } from '#testing/captured-io.ts'

test('PS-21 the command line tells who read a parameter, by its name or a path above, and which ones nobody reads', async () => {
  await using server = await startServer()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const key = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const params = async (...words: string[]) => {
    const io = capturedIo({ AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', ...key })
    await steward(['params', ...words], io)
    return { out: io.out(), err: io.err() }
  }
  const ssm = server.client(SSMClient)
  for (const Name of ['/shop/a', '/shop/deep/b', '/shop/deep/c', 'plain']) {
    await ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String' }))
  }
  const unused = async (...words: string[]) =>
    (JSON.parse((await params('unused', '--json', ...words)).out) as { Name: string }[]).map(({ Name }) => Name)
  assert.deepEqual(await unused(), ['plain', '/shop/a', '/shop/deep/b', '/shop/deep/c'])

  await ssm.send(new GetParametersCommand({ Names: ['/shop/deep/b', 'plain'] }))
  await assert.rejects(ssm.send(new GetParameterCommand({ Name: '/shop/a:7' })))
  await ssm.send(new GetParametersByPathCommand({ Path: '/shop' }))
  await ssm.send(new GetParametersByPathCommand({ Path: '/' }))
  assert.deepEqual(await unused(), ['/shop/deep/c'])
  assert.deepEqual(await unused('/shop', '--since', '2100-01-01T00:00:00Z'), [
    '/shop/a',
    '/shop/deep/b',
    '/shop/deep/c',
  ])
  assert.match((await params('unused')).out, /^UNREAD SINCE \S+ +TYPE +CHANGED\n\/shop\/deep\/c +String +\d+ s ago\n$/)
  assert.match((await params('readers', '/shop/deep/c')).err, /^Nobody read \/shop\/deep\/c since /)

  await ssm.send(new GetParametersByPathCommand({ Path: '/', Recursive: true }))
  await ssm.send(new GetParameterCommand({ Name: '/shop/deep/c' }))
  assert.deepEqual(await unused(), [])
  assert.match((await params('unused')).err, /^Every parameter under \/ was read since /)
  const [reader, ...others] = JSON.parse((await params('readers', '/shop/deep/c', '--json')).out)
  assert.deepEqual(others, [])
  assert.deepEqual([reader.reads, reader.how], [2, ['GetParameter', 'GetParametersByPath']])
  assert.match(reader.by, /:root$/)
  assert.match(
    (await params('readers', 'plain')).out,
    /^WHO +READS +LAST +BY\n\S+:root +3 +\d+ s ago +GetParameters GetParametersByPath\n$/,
  )
})

test('PS-21 whoever took a parameter for a command read it; a command that was refused read nothing', async () => {
  await using server = await startServer()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const key = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const params = async (...words: string[]) => {
    const io = capturedIo({ AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', ...key })
    await steward(['params', ...words, '--json'], io)
    return JSON.parse(io.out())
  }
  const ssm = server.client(SSMClient)
  for (const Name of ['/shop/a', '/shop/b']) {
    await ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String' }))
  }
  const node = await server.fakeNode()
  const send = (text: string) =>
    ssm.send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [node.id],
        Parameters: { commands: [`echo ${text}`] },
      }),
    )
  await send('{{ssm:/shop/a}}')
  await assert.rejects(send('{{ssm:/shop/b}} {{ssm:/shop/nowhere}}'), { name: 'InvalidParameters' })
  const [reader] = await params('readers', '/shop/a')
  assert.deepEqual([reader.reads, reader.how], [1, ['SendCommand']])
  assert.deepEqual(await params('readers', '/shop/b'), [])
  const unused: { Name: string }[] = await params('unused')
  assert.deepEqual(
    unused.map(({ Name }) => Name),
    ['/shop/b'],
  )
})

test('PS-21 who looked for a parameter before there was one did not read it', async () => {
  await using server = await startServer()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const key = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const params = async (words: string, input = '') => {
    const io = capturedIo({ AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', ...key })
    io.keyboard.end(input)
    await steward(['params', ...words.split(' ')], io)
    return { out: io.out(), err: io.err() }
  }
  const ssm = server.client(SSMClient)
  const readers = async () => JSON.parse((await params('readers /shop/A --json')).out) as { reads: number }[]
  assert.match((await params('import - --path /shop', 'A=1')).out, /^1 created/m)
  assert.match((await params('readers /shop/A')).err, /^Nobody read \/shop\/A since /)
  assert.match((await params('unused')).out, /^\/shop\/A /m)
  await ssm.send(new GetParameterCommand({ Name: '/shop/A' }))
  await ssm.send(new PutParameterCommand({ Name: '/shop/A', Value: '2', Overwrite: true }))
  assert.deepEqual(
    (await readers()).map(({ reads }) => reads),
    [1],
  )
  assert.match((await params('unused')).err, /^Every parameter under \/ was read since /)
})
