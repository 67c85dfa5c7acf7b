import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, EncryptCommand, KMSClient, RotateKeyOnDemandCommand } from '@aws-sdk/client-kms'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { toConfig } from '#kernel/config.ts'
import { silentLogger } from '#kernel/logger.ts'
import { Keyring, type MasterKey } from '#kernel/vault.ts'
import { startHouse } from '../house.ts'
import { parseKeys } from './key-file.ts'
import { KEY_FILE } from './source.ts'

test('PS-05 no file of the database has a secret in it, in whatever writing', async () => {
  const data = mkdtempSync(join(tmpdir(), 'steward-rest-'))
  try {
    const given = await useSecrets(data)
    const [master] = parseKeys(readFileSync(join(data, KEY_FILE), 'utf8'), KEY_FILE)
    const secrets = [...given, Buffer.from(master!.secret), ...keySecrets(data, master!)]
    assert.ok(secrets.length >= 8)
    const files = readdirSync(data).filter((name) => name.startsWith('steward.db'))
    assert.ok(files.length > 0)
    for (const name of files) {
      const content = readFileSync(join(data, name))
      for (const secret of secrets) {
        for (const writing of [secret, secret.toString('base64'), secret.toString('base64url'), secret.toString('hex')])
          assert.equal(content.indexOf(writing), -1, `${name} has secret ${digest(secret)}`)
      }
    }
  } finally {
    rmSync(data, { recursive: true })
  }
})

/** Puts secrets of every kind into a new installation; answers those that the caller knows. */
async function useSecrets(data: string): Promise<Buffer[]> {
  const env = { STEWARD_DATA: data, STEWARD_HTTP: '127.0.0.1:0', STEWARD_HTTPS: 'off', STEWARD_LOCAL_NODE: 'off' }
  await using house = await startHouse(toConfig(env, '/'), silentLogger)
  const config = {
    endpoint: `http://127.0.0.1:${house.http.port}`,
    region: 'us-east-1',
    credentials: house.rootKey,
    maxAttempts: 1,
  }
  const [kms, iam, ssm] = [new KMSClient(config), new IAMClient(config), new SSMClient(config)]
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const plain = Buffer.from('a plaintext that is nowhere to be found')
  await kms.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: plain }))
  await kms.send(new RotateKeyOnDemandCommand({ KeyId: KeyMetadata?.KeyId }))
  await kms.send(new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }))
  await kms.send(new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }))
  const value = 'a parameter that is nowhere to be found'
  await ssm.send(new PutParameterCommand({ Name: '/secret', Type: 'SecureString', Value: value }))
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'ann' }))
  return [
    plain,
    Buffer.from(value),
    Buffer.from(AccessKey!.SecretAccessKey!),
    Buffer.from(VirtualMFADevice!.Base32StringSeed!),
  ]
}

/** The secrets of all keys, which only the master key opens. */
function keySecrets(data: string, master: MasterKey): Buffer[] {
  const database = new DatabaseSync(join(data, 'steward.db'), { readOnly: true })
  const rows = database.prepare('select key_id, version, sealed from kms_material').all()
  database.close()
  const vault = new Keyring(master)
  return rows.map((row) => vault.open(row.sealed as Uint8Array, `kms-material:${row.key_id}:${row.version}`))
}

function digest(secret: Buffer): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8)
}
