import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { steward } from '#main.ts'
import { capturedIo } from '#testing/captured-io.ts'

test('CMP-08 CMP-10 CMP-11 compliance is imported, reported and remediated by hand', async () => {
  await using server = await startServer()
  const [good, bad] = await server.fakeNodes(2, { connected: false })
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const compliance = async (words: string[], input = '') => {
    const io = capturedIo(env)
    io.keyboard.end(input)
    assert.equal(await steward(['compliance', ...words], io), 0, io.err())
    return { out: io.out(), err: io.err() }
  }
  const policies = (response: string) => JSON.stringify([{ id: 7, name: 'Disk', critical: true, response }])
  const imported = await compliance(['import', '-', '--node', bad!.id, '--type', 'Custom:Disk'], policies('fail'))
  assert.equal(imported.out, `CRITICAL      7\nCustom:Disk on ${bad!.id}: 0 compliant, 1 not, 0 left out.\n`)
  await compliance(['import', '-', '--node', good!.id, '--type', 'Custom:Disk'], policies('pass'))
  const tried = await compliance(['import', '-', '--node', good!.id, '--dry-run'], policies('fail'))
  assert.match(tried.out, /Custom:Osquery on .* nothing was put\.\n$/)

  const all = (await compliance(['report'])).out.split('\r\n')
  assert.equal(all[0], 'Node,Type,Id,Title,Status,Severity,Found,Text')
  assert.equal(all.length, 4)
  const failing = JSON.parse((await compliance(['report', '--failing', '--format', 'json'])).out)
  assert.deepEqual(
    failing.map(({ ResourceId }: { ResourceId: string }) => ResourceId),
    [bad!.id],
  )

  const remediate = [
    'remediate',
    '--type',
    'Custom:Disk',
    '--document',
    'AWS-RunShellScript',
    '--param',
    'commands=true',
  ]
  assert.equal((await compliance([...remediate, '--dry-run'])).out, `${bad!.id}\n`)
  assert.match((await compliance([...remediate, '--severity', 'LOW'])).err, /all are compliant/)
  const sent = await compliance(remediate)
  assert.equal(sent.err, 'AWS-RunShellScript was sent to 1 node.\n')
  const { Commands } = await server.client(SSMClient).send(new ListCommandsCommand({ CommandId: sent.out.trim() }))
  assert.deepEqual(Commands?.[0]?.InstanceIds, [bad!.id])
})
