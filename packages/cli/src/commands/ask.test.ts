import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ListCommandInvocationsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { eventually, type FakeAgent, startServer, type TestServer } from '@steward/testkit'
import { capturedIo } from '#testing/captured-io.ts'
import { steward } from '../main.ts'

async function type(server: TestServer, ...words: string[]) {
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const io = capturedIo(env)
  const code = await steward(['ask', ...words], io)
  return { code, out: io.out(), err: io.err() }
}

/** Answers the next question with rows. */
async function answers(node: FakeAgent, rows: readonly object[]): Promise<void> {
  const job = await node.nextJob()
  node.ack(job)
  const stdout = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  node.reply(job, { status: 'Success', steps: { runShellScript: { stdout } } })
}

test('INV-19 steward ask prints the rows of all nodes, and who answered', async () => {
  await using server = await startServer()
  const [one, two] = (await server.fakeNodes(2)) as [FakeAgent, FakeAgent]
  const bash = { pid: 1, user: 'root', command: 'bash \u001b[2J' }
  const both = () =>
    Promise.all([answers(one, [bash]), answers(two, [bash, { pid: 22, user: 'ada', command: '=sum' }])])
  const [table] = await Promise.all([type(server, 'processes'), both()])
  assert.equal(table.code, 0, table.err)
  assert.match(table.err, /^2 of 2 nodes answered in \d\.\d s, 3 rows\.\n$/)
  assert.match(table.out, /^NODE_ID +NODE_NAME +PID +USER +COMMAND\n/)
  assert.match(table.out, new RegExp(`^${two.id} .*22 +ada +=sum$`, 'm'))
  assert.ok(!table.out.includes('\u001b'))

  const [json] = await Promise.all([type(server, 'processes', '--where', 'pid>2', '--format', 'json'), both()])
  assert.deepEqual(JSON.parse(json.out), [
    { node_id: two.id, node_name: `${two.id}.example`, pid: 22, user: 'ada', command: '=sum' },
  ])
  const [csv] = await Promise.all([type(server, 'processes', '--where', 'user=ada', '--format', 'csv'), both()])
  assert.equal(csv.out, `node_id,node_name,pid,user,command\r\n${two.id},${two.id}.example,22,ada,'=sum\r\n`)
  const [wrong] = await Promise.all([type(server, 'processes', '--where', 'usr=ada'), both()])
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /no column 'usr'. The columns: node_id, node_name, pid, user, command/)
})

test('INV-19 who is offline is not asked, who is too slow is told of, and neither is asked later', async () => {
  await using server = await startServer()
  const [quick, slow, failing] = (await server.fakeNodes(3)) as [FakeAgent, FakeAgent, FakeAgent]
  const offline = await server.fakeNode({ connected: false, platformType: null })
  const lost = await server.fakeNode({ connected: false })
  const nodes = [quick, slow, failing, offline].map(({ id }) => id).join()
  const [{ code, out, err }] = await Promise.all([
    type(server, 'kernel', '--nodes', nodes, '--node', lost.id, '--wait', '2'),
    answers(quick, [{ release: '6.1' }]),
    slow.nextJob().then((job) => slow.ack(job)),
    failing.nextJob().then((job) => {
      failing.ack(job)
      failing.reply(job, { status: 'Failed', steps: { runShellScript: { code: 1, stderr: 'no awk\nat all' } } })
    }),
  ])
  assert.equal(code, 1)
  assert.match(out, new RegExp(`^${quick.id} .*6\\.1$`, 'm'))
  assert.match(err, /^1 of 5 nodes answered/m)
  assert.match(err, new RegExp(`^Failed: ${failing.id}.example \\(no awk\\)\\.$`, 'm'))
  assert.match(err, new RegExp(`^Offline, so not asked: ${offline.id}\\.$`, 'm'))
  assert.match(err, new RegExp(`^Could not be reached: ${lost.id}.example\\.$`, 'm'))
  assert.match(err, new RegExp(`^Did not answer in time: ${slow.id}.example\\.$`, 'm'))
  const ssm = server.client(SSMClient)
  await eventually(async () => {
    const { CommandInvocations = [] } = await ssm.send(new ListCommandInvocationsCommand({ InstanceId: offline.id }))
    assert.deepEqual(
      CommandInvocations.map(({ Status }) => Status),
      ['Cancelled'],
    )
  })
})

test('INV-19 what cannot be asked is refused before any node hears of it', async () => {
  await using server = await startServer()
  const refused = async (...words: string[]) => {
    const { code, err } = await type(server, ...words)
    return `${code} ${err}`
  }
  assert.match(await refused('users'), /^1 .*no nodes yet/)
  await server.fakeNode()
  assert.match(await refused('file-hash'), /^2 .*--path/)
  assert.match(await refused('weather'), /^255 .*InvalidParameters.*processes, listening-ports/)
  assert.match(await refused('file-hash', '--path', '/a\nid'), /^255 .*InvalidParameters/)
  assert.match(await refused('users', '--where', 'x'), /^2 .*COLUMN=VALUE/)
  assert.match(await refused('users', '--targets', 'tag:a=b'), /^1 No node was asked/)
})
