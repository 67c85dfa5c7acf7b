/** From `steward node add` to a script that ran on the new node, with the very line that an operator would paste. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DescribeInstanceInformationCommand, SSMClient } from '@aws-sdk/client-ssm'
import { eventually, startServer, type TestServer } from '@steward/testkit'
import { hasCurl, homeOfNobody, type Outcome, paste, start, unpaste } from './pasted-line.ts'

const STEWARD = fileURLToPath(new URL('../packages/cli/bin/steward.mjs', import.meta.url))

test('HYB-15 the line of «node add» makes a machine a node, again updates it, and --uninstall leaves nothing behind', async (t) => {
  if (!hasCurl) return t.skip('there is no curl')
  await using server = await startServer({ https: true })
  const home = homeOfNobody()
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const added = await steward(server, 'node', 'add', '--name', 'pasted', '--json')
  assert.equal(added.code, 0, added.err)
  const line = (JSON.parse(added.out) as { stewardAgent: string }).stewardAgent

  const installed = await paste(line, home)
  assert.equal(installed.code, 0, installed.err)
  const nodeId = /enrolled as (mi-\w{17})/.exec(installed.out)?.[1]
  assert.ok(nodeId, installed.out)
  try {
    await online(server, nodeId)
    const ran = await steward(server, 'run', '--nodes', nodeId, '--', 'echo "$HOME"; exit 7')
    assert.deepEqual([ran.code, ran.out], [7, `${home}\n`], ran.err)

    const again = await paste(line, home)
    assert.match(again.out, new RegExp(`enrolled already, as ${nodeId}`))
    await online(server, nodeId)
    assert.equal((await steward(server, 'run', '--nodes', nodeId, '--', 'true')).code, 0)
  } finally {
    const gone = await unpaste(line, home)
    assert.match(gone.out, new RegExp(`deregister-managed-instance --instance-id ${nodeId}`))
    assert.equal(spawnSync('pgrep', ['-f', home], { encoding: 'utf8' }).stdout, '')
    assert.ok(!existsSync(join(home, '.local/state/steward-agent')))
    assert.ok(!existsSync(join(home, '.local/share/steward-agent')))
  }
})

test('HYB-15 a server that has not the pinned key gets nothing run', async (t) => {
  if (!hasCurl) return t.skip('there is no curl')
  await using server = await startServer({ https: true })
  const home = homeOfNobody()
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const { out } = await steward(server, 'node', 'add', '--json')
  const line = (JSON.parse(out) as { stewardAgent: string }).stewardAgent
  const { err } = await paste(line.replace(/sha256\/\/[^']+/, `sha256//${'A'.repeat(43)}=`), home)
  assert.match(err, /pinned public key/i)
  assert.ok(!existsSync(join(home, '.local')))
})

function steward(server: TestServer, ...words: string[]): Promise<Outcome> {
  const { http, https, config, rootKey } = { ...server.house, config: server.house.config }
  return start(process.execPath, [STEWARD, ...words], {
    env: {
      PATH: process.env.PATH,
      STEWARD_DATA: config.data,
      STEWARD_HTTP: `127.0.0.1:${http.port}`,
      STEWARD_HTTPS: `127.0.0.1:${https?.port}`,
      STEWARD_ROOT_ACCESS_KEY_ID: rootKey.accessKeyId,
      STEWARD_ROOT_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
    },
  })
}

async function online(server: TestServer, nodeId: string): Promise<void> {
  const ssm = server.client(SSMClient)
  const Filters = [{ Key: 'InstanceIds', Values: [nodeId] }]
  await eventually(async () => {
    const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({ Filters }))
    return InstanceInformationList?.[0]?.PingStatus === 'Online'
  })
}
