import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  CreateActivationCommand,
  DescribeActivationsCommand,
  SSMClient,
  type SSMServiceException,
} from '@aws-sdk/client-ssm'
import { createDatabase, eventually, startPostgres, startServer } from '@steward/testkit'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

test('a dead PostgreSQL: callers are told at once, the server lives, and all is well when it is back', async () => {
  const postgres = await startPostgres()
  try {
    const { url } = await createDatabase(postgres.url)
    await using server = await startServer({ env: { STEWARD_DATABASE_URL: url } })
    const ssm = server.client(SSMClient)
    const readiness = async () => (await fetch(`${server.url}/readyz`)).status
    await ssm.send(new CreateActivationCommand({ IamRole: 'Before' }))
    const [node] = await server.fakeNodes(1)
    assert.equal(await readiness(), 200)

    await postgres.crash()
    const began = performance.now()
    await assert.rejects(ssm.send(new DescribeActivationsCommand({})), (error: SSMServiceException) => {
      assert.deepEqual([error.name, error.$metadata.httpStatusCode], ['ServiceUnavailable', 503])
      return true
    })
    await assert.rejects(ssm.send(new CreateActivationCommand({ IamRole: 'Meanwhile' })), {
      name: 'ServiceUnavailable',
    })
    assert.ok(performance.now() - began < 5000)
    assert.equal(await readiness(), 503)
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200)
    assert.equal(node!.connected, true, 'a channel that is open stays so')
    // The end of a channel that nobody can record now is recorded later.
    await node!.vanish()

    await postgres.restart()
    assert.equal(await readiness(), 200)
    await ssm.send(new CreateActivationCommand({ IamRole: 'After' }))
    const { ActivationList } = await ssm.send(new DescribeActivationsCommand({}))
    const roles = ActivationList!.map(({ IamRole }) => IamRole).filter((role) => role !== 'FakeNode')
    assert.deepEqual(roles.sort(), ['After', 'Before'])
    await server.settle()
  } finally {
    await postgres.stop()
  }
})

test('a full disk: writers are told, readers go on, nothing crashes, and there is room again when there is room again', {
  skip: spawnSync('prlimit', ['--version']).status !== 0 && 'there is no prlimit here',
}, async () => {
  const data = mkdtempSync(join(tmpdir(), 'steward-full-'))
  const env = {
    ...process.env,
    STEWARD_DATA: data,
    STEWARD_HTTP: '127.0.0.1:0',
    STEWARD_HTTPS: 'off',
    STEWARD_LOCAL_NODE: 'off',
  }
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    let endpoint = ''
    for await (const line of createInterface(child.stderr)) {
      endpoint = /Address\s+(http:\S+)/.exec(line)?.[1] ?? endpoint
      if (line.includes('Something wrong')) break
    }
    child.stderr.resume()
    const credentials = JSON.parse(readFileSync(join(data, 'root-key.json'), 'utf8'))
    const ssm = new SSMClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
    const add = () => ssm.send(new CreateActivationCommand({ IamRole: 'Role' }))
    const limitFiles = (bytes: string) => {
      assert.equal(spawnSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:`]).status, 0)
    }
    await add()
    limitFiles(String(statSync(join(data, 'steward.db-wal')).size))
    await assert.rejects(add(), { name: 'ServiceUnavailable' })
    assert.equal((await fetch(`${endpoint}/readyz`)).status, 503)
    const count = async () => (await ssm.send(new DescribeActivationsCommand({}))).ActivationList!.length
    assert.equal(await count(), 1)

    limitFiles('unlimited')
    await eventually(async () => assert.equal((await fetch(`${endpoint}/readyz`)).status, 200))
    await add()
    assert.equal(await count(), 2)
    ssm.destroy()
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
    rmSync(data, { recursive: true })
  }
})
