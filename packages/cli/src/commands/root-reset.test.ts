import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { silentLogger, startHouse, toConfig } from '@steward/server'
import { capturedIo } from '#testing/captured-io.ts'
import { steward } from '../main.ts'

/** A server as people run it: with a root key of its own, and a database that outlives it. */
async function installation() {
  const data = mkdtempSync(join(tmpdir(), 'steward-root-'))
  const env = { STEWARD_DATA: data, STEWARD_HTTP: '127.0.0.1:0', STEWARD_HTTPS: 'off', STEWARD_LOCAL_NODE: 'off' }
  const start = async () => {
    const house = await startHouse(toConfig(env, '/'), silentLogger)
    return { house, endpoint: `http://127.0.0.1:${house.http.port}`, [Symbol.asyncDispose]: () => house.stop() }
  }
  const reset = async (port: number) => {
    const io = capturedIo({ ...env, STEWARD_HTTP: `127.0.0.1:${port}` })
    return { code: await steward(['root', 'reset'], io), out: io.out(), err: io.err() }
  }
  const key = () => JSON.parse(readFileSync(join(data, 'root-key.json'), 'utf8'))
  return { data, env, start, reset, key, [Symbol.dispose]: () => rmSync(data, { recursive: true, force: true }) }
}

function clients(endpoint: string, credentials: { accessKeyId: string; secretAccessKey: string }) {
  const config = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }
  return { sts: new STSClient(config), trail: new CloudTrailClient(config) }
}

const resets = async (endpoint: string, key: { accessKeyId: string; secretAccessKey: string }) => {
  const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: 'ResetRootKey' }]
  const { Events = [] } = await clients(endpoint, key).trail.send(new LookupEventsCommand({ LookupAttributes }))
  return Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent!))
}

test('steward root reset: a running server takes the new key, refuses the old one and its sessions, and records it', async () => {
  using here = await installation()
  await using server = await here.start()
  const old = here.key()
  const before = clients(server.endpoint, old).sts
  await before.send(new GetCallerIdentityCommand({}))
  const { Credentials } = await before.send(new GetSessionTokenCommand({}))
  const session = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  }

  const { code, out, err } = await here.reset(server.house.http.port)
  assert.equal(code, 0, err)
  const key = here.key()
  assert.match(out, new RegExp(`is now ${key.accessKeyId}; ${old.accessKeyId} is void`))
  assert.match(out, /running server has taken it/)
  assert.doesNotMatch(out, new RegExp(key.secretAccessKey))
  assert.equal(statSync(join(here.data, 'root-key.json')).mode & 0o777, 0o600)

  await clients(server.endpoint, key).sts.send(new GetCallerIdentityCommand({}))
  for (const credentials of [old, session])
    await assert.rejects(clients(server.endpoint, credentials).sts.send(new GetCallerIdentityCommand({})), {
      name: 'InvalidClientTokenId',
    })
  const [record, ...others] = await resets(server.endpoint, key)
  assert.deepEqual(others, [])
  assert.equal(record.eventSource, 'steward.amazonaws.com')
  assert.equal(record.userIdentity.type, 'Root')
  assert.equal(record.additionalEventData.previousAccessKeyId, old.accessKeyId)
  assert.equal(record.additionalEventData.accessKeyId, key.accessKeyId)
  assert.match(record.additionalEventData.resetBy, /on this machine$/)
})

test('a reset while the server is stopped counts, and is recorded, when it starts', async () => {
  using here = await installation()
  {
    await using _first = await here.start()
  }
  const old = here.key()
  const { code, out } = await here.reset(1)
  assert.deepEqual([code, /No server is running here/.test(out)], [0, true])
  for (const time of ['first', 'second']) {
    await using server = await here.start()
    const records = await resets(server.endpoint, here.key())
    assert.equal(records.length, 1, `${time} start`)
    assert.equal(records[0].additionalEventData.previousAccessKeyId, old.accessKeyId)
  }
})

test('steward root reset says why it cannot', async () => {
  using here = await installation()
  const io = capturedIo({ STEWARD_DATA: here.data, STEWARD_ROOT_ACCESS_KEY_ID: 'AKIAX' })
  assert.equal(await steward(['root', 'reset'], io), 1)
  assert.match(io.err(), /set in the environment/)
  const nowhere = capturedIo({ STEWARD_DATA: '/nonexistent/steward' })
  assert.equal(await steward(['root', 'reset'], nowhere), 255)
  assert.match(nowhere.err(), /data directory \/nonexistent\/steward does not exist/)
})
