import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '@steward/testkit'
import { capturedIo } from '#testing/captured-io.ts'
import { steward } from '../main.ts'

test('steward keys rotates the master key and lists the ones in use', async () => {
  await using server = await startServer()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const type = async (...words: string[]) => {
    const io = capturedIo(env)
    assert.equal(await steward(['keys', ...words], io), 0, io.err())
    return io.out()
  }
  const before = await type('list')
  const [id] = /^[0-9a-f]{16}/m.exec(before)!
  assert.match(before, new RegExp(`^MASTER KEY +STATE +SINCE +SEALED VALUES\n${id}  current  .*Z  0\n$`))
  const said = await type('rotate-master')
  assert.match(said, new RegExp(`^The master key is now [0-9a-f]{16}\\..*what ${id} sealed`))
  const after = JSON.parse(await type('list', '--json')).MasterKeys
  assert.deepEqual(after.map((key: { Current: boolean }) => key.Current).sort(), [false, true])
})
