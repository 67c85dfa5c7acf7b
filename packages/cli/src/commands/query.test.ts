import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PutInventoryCommand, SSMClient } from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { capturedIo } from '#testing/captured-io.ts'
import { steward } from '../main.ts'

test('INV-18 steward query asks the inventory in SQL and prints a table, CSV or JSON', async () => {
  await using server = await startServer()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const { id: InstanceId } = await server.fakeNode()
  const Content: Record<string, string>[] = [
    { Name: 'bash', Summary: 'a shell, "again"' },
    { Name: 'curl', Version: '8' },
  ]
  const item = { TypeName: 'AWS:Application', SchemaVersion: '1.1', CaptureTime: '2026-11-21T10:00:00Z', Content }
  await server.client(SSMClient).send(new PutInventoryCommand({ InstanceId, Items: [item] }))
  const type = async (...words: string[]) => {
    const io = capturedIo(env)
    const code = await steward(['query', ...words], io)
    return { code, out: io.out(), err: io.err() }
  }
  const sql = 'select name, version, summary from application order by name'
  assert.equal((await type(sql)).out, 'Name  Version  Summary\nbash           a shell, "again"\ncurl  8\n')
  assert.equal((await type(sql, '--csv')).out, 'Name,Version,Summary\r\nbash,,"a shell, ""again"""\r\ncurl,8,\r\n')
  assert.deepEqual(JSON.parse((await type(sql, '--json')).out), Content)
  assert.match((await type(sql, '--limit', '1')).err, /more than these 1 rows/)
  assert.match((await type('--tables')).out, /^application +1 +node_id, Name, /m)
  const wrong = await type('select * from nowhere')
  assert.notEqual(wrong.code, 0)
  assert.match(wrong.err, /InvalidInventoryQuery.*no such table: nowhere/)
})
