import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '@steward/testkit'
import { capturedIo } from '#testing/captured-io.ts'
import { steward } from '../main.ts'

test('steward console prints a link that signs its caller in', async () => {
  await using server = await startServer()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const io = capturedIo(env)
  assert.equal(await steward(['console'], io), 0, io.err())
  const link = new URL(io.out().trim())
  assert.equal(link.origin, server.url)
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Steward.SignIn' },
    body: JSON.stringify({ OneTimeCode: new URLSearchParams(link.hash.slice(1)).get('one-time') }),
  })
  const { Principal } = (await response.json()) as { Principal: { Kind: string } }
  assert.equal(Principal.Kind, 'Root')
})
