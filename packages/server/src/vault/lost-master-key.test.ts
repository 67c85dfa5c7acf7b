import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { toConfig } from '#kernel/config.ts'
import { silentLogger } from '#kernel/logger.ts'
import { startHouse } from '../house.ts'
import { KEY_FILE } from './source.ts'

test('without its master key a server does not start; said to be lost, keys are good for new things, and put back, for all', async () => {
  const data = mkdtempSync(join(tmpdir(), 'steward-lost-'))
  const file = join(data, KEY_FILE)
  const start = async (more = {}) => {
    const env = {
      STEWARD_DATA: data,
      STEWARD_HTTP: '127.0.0.1:0',
      STEWARD_HTTPS: 'off',
      STEWARD_LOCAL_NODE: 'off',
      ...more,
    }
    const house = await startHouse(toConfig(env, '/'), silentLogger)
    const endpoint = `http://127.0.0.1:${house.http.port}`
    const config = { endpoint, region: 'us-east-1', credentials: house.rootKey, maxAttempts: 1 }
    const kms = new KMSClient(config)
    return { kms, config, house, [Symbol.asyncDispose]: () => house.stop() }
  }
  const encrypt = (kms: KMSClient, KeyId?: string) =>
    kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
  try {
    let KeyId: string | undefined
    let CiphertextBlob: Uint8Array | undefined
    let credentials = { accessKeyId: '', secretAccessKey: '' }
    {
      await using first = await start()
      const iam = new IAMClient(first.config)
      await iam.send(new CreateUserCommand({ UserName: 'ann' }))
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
      credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
      KeyId = (await first.kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId
      CiphertextBlob = (await encrypt(first.kms, KeyId)).CiphertextBlob
    }
    const kept = readFileSync(file, 'utf8')
    rmSync(file)
    const refusal = await start().then(
      () => assert.fail('It started.'),
      (error: Error) => error.message,
    )
    const id = /STEWARD_MASTER_KEY_LOST=([0-9a-f]{16})/.exec(refusal)?.[1]
    assert.ok(!existsSync(file))
    {
      await using second = await start({ STEWARD_MASTER_KEY_LOST: id })
      await second.house.settle()
      await assert.rejects(second.kms.send(new DecryptCommand({ CiphertextBlob })), { name: 'KeyUnavailableException' })
      const ann = new STSClient({ ...second.config, credentials })
      await assert.rejects(ann.send(new GetCallerIdentityCommand({})), { name: 'InvalidClientTokenId' })
      const again = await encrypt(second.kms, KeyId)
      await second.kms.send(new DecryptCommand({ CiphertextBlob: again.CiphertextBlob }))
    }
    writeFileSync(file, `${readFileSync(file, 'utf8')}${kept}`)
    await using third = await start()
    await third.kms.send(new DecryptCommand({ CiphertextBlob }))
    await new STSClient({ ...third.config, credentials }).send(new GetCallerIdentityCommand({}))
  } finally {
    rmSync(data, { recursive: true })
  }
})
