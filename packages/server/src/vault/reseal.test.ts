import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { rawCall } from '#door/testing/raw-call.ts'
import { KEY_FILE } from './source.ts'

const MINUTE = 60_000

async function steward(server: TestServer, operation: string) {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Steward.${operation}` }
  return (await rawCall(server, { service: 'steward', headers, body: '{}' })).json as {
    MasterKeyId: string
    PreviousMasterKeyId: string
    MasterKeys: { MasterKeyId: string; Current: boolean; SealedValues: number }[]
    __type?: string
    Message?: string
  }
}

const keysInFile = (server: TestServer) =>
  readFileSync(join(server.data, KEY_FILE), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')).length

for (const kind of DATABASES) {
  test(`the master key is rotated while keys are in use, and the old one is kept until nothing needs it (${kind})`, async () => {
    await using server = await startServer({ database: kind })
    const kms = server.client(KMSClient)
    // More than are sealed anew in one batch.
    const more = kind === 'sqlite' ? 102 : 2
    const keys = await Promise.all(Array.from({ length: more }, () => kms.send(new CreateKeyCommand({}))))
    const uses = keys.slice(-5).map(({ KeyMetadata }) => ({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('x') }))
    const blobs = await Promise.all(uses.map((use) => kms.send(new EncryptCommand(use))))
    const opens = async () => {
      for (const { CiphertextBlob } of blobs) {
        const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }))
        assert.equal(Buffer.from(Plaintext!).toString(), 'x')
      }
    }
    const using = opens()
    const { MasterKeyId, PreviousMasterKeyId } = await steward(server, 'RotateMasterKey')
    await using
    await server.settle()
    const { MasterKeys } = await steward(server, 'ListMasterKeys')
    const shown = MasterKeys.map((key) => [key.MasterKeyId, key.Current, key.SealedValues > 0])
    assert.deepEqual(
      shown.sort(),
      [
        [MasterKeyId, true, true],
        [PreviousMasterKeyId, false, false],
      ].sort(),
    )
    assert.equal(keysInFile(server), 2)
    await opens()

    await server.advance(11 * MINUTE)
    assert.deepEqual(
      (await steward(server, 'ListMasterKeys')).MasterKeys.map((key) => key.MasterKeyId),
      [MasterKeyId],
    )
    assert.equal(keysInFile(server), 1)
    await opens()
  })
}

test('a key of the environment is not rotated by the running server, which says how it is', async () => {
  await using server = await startServer({ env: { STEWARD_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') } })
  const answer = await steward(server, 'RotateMasterKey')
  assert.equal(answer.__type, 'MasterKeyNotReplaceable')
  assert.match(
    String(answer.Message ?? (answer as { message?: string }).message),
    /STEWARD_MASTER_KEY=<new key>,<old key>/,
  )
})
