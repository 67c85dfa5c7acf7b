/** Shells on nodes as people have them: in a terminal, over lines that break, ended by others, on record. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { CreateDocumentCommand, DescribeSessionsCommand } from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { environment, STEWARD, steward as typed } from './clients.ts'
import { type Agent, Installation } from './installation.ts'
import { Line } from './line.ts'
import { Screen } from './screen.ts'

const present = spawnSync('aws', ['--version']).status === 0
const PROMPT = /[$#] $/

/** Our own command, and the AWS CLI with our plugin. */
const CLIENTS = [
  { name: 'steward shell', words: (node: string) => [process.execPath, STEWARD, 'shell', node], skip: false },
  {
    name: 'aws ssm start-session',
    words: (node: string) => ['aws', 'ssm', 'start-session', '--target', node],
    skip: !present && 'there is no AWS CLI',
  },
]

for (const { name, words, skip } of CLIENTS) {
  test(`E2E-06 ${name}: type, resize, paste, interrupt, lose the network, come back, exit`, { skip }, async () => {
    await using steward = await Installation.start()
    const [agent] = (await steward.startAgents(1)) as [Agent]
    await keepLogs(steward)
    await using line = await Line.to(steward.url)
    using screen = open(steward, words(agent.id), line.url)
    await screen.shows(PROMPT)

    screen.type('stty size\r')
    await screen.shows(/\n30 100\s+[$#] $/)
    screen.type('until stty size | grep "41 133"; do sleep 0.1; done\r')
    await screen.shows(/done\s+$/)
    screen.resize(133, 41)
    await screen.shows(/\n41 133\s+[$#] $/)

    const paste = Array.from({ length: 10_000 }, () => randomBytes(50).toString('hex')).join('\n')
    screen.type('stty -echo; sha256sum\r')
    await screen.shows(/sha256sum\s+$/)
    screen.type(`${paste}\n\x04`)
    const [, pasted] = await screen.shows(/([0-9a-f]{64}) {2}-/)
    assert.equal(pasted, createHash('sha256').update(`${paste}\n`).digest('hex'))
    screen.type('stty echo; echo loud\r')
    await screen.shows(/loud\s+[$#] $/)

    screen.type(`sh -c "echo be''gun; exec sleep 1000"\r`)
    await screen.shows(/\nbegun\s+$/)
    screen.type('\x03')
    await screen.shows(/\^C\s+[$#] $/)

    screen.type('for i in $(seq 300); do echo line-$i; sleep 0.02; done; echo over\r')
    await screen.shows(/line-50\b/)
    line.cut()
    await eventually(async () => (await onlySession(steward)).Status === 'Disconnected')
    line.mend()
    await screen.shows(/\nover\s+[$#] $/)
    const shown = [...screen.bytes.toString().matchAll(/^line-(\d+)\r*$/gm)].map(([, number]) => Number(number))
    assert.deepEqual(
      shown,
      Array.from({ length: 300 }, (_, i) => i + 1),
    )

    const { SessionId } = await onlySession(steward)
    screen.type('exit\r')
    assert.equal(await screen.ended, 0)
    await recordingIsWhatWasShown(steward, SessionId!, screen.bytes)
    await logSays(steward, SessionId!, 'line-300')
  })

  test(`E2E-06 ${name}: ended by somebody else`, { skip }, async () => {
    await using steward = await Installation.start()
    const [agent] = (await steward.startAgents(1)) as [Agent]
    using screen = open(steward, words(agent.id))
    await screen.shows(PROMPT)
    screen.type('sleep 98765 & echo $!\r')
    const [, pid] = await screen.shows(/\n(\d+)\s+[$#] $/)
    const { SessionId } = await onlySession(steward)
    const { code } = await typed(steward, ['sessions', 'terminate', SessionId!])
    assert.equal(code, 0)
    assert.equal(await screen.ended, 0)
    await eventually(() => !isRunning(Number(pid)))
    await eventually(async () => {
      const { Sessions } = await steward.ssm.send(new DescribeSessionsCommand({ State: 'History' }))
      return Sessions?.[0]?.Status === 'Terminated'
    })
  })
}

test('SM-09 sessions outlive the server, killed in their midst', async () => {
  await using steward = await Installation.start()
  const [agent] = (await steward.startAgents(1)) as [Agent]
  using screen = open(steward, [process.execPath, STEWARD, 'shell', agent.id])
  await screen.shows(PROMPT)
  screen.type('for i in $(seq 200); do echo line-$i; sleep 0.02; done; echo over\r')
  await screen.shows(/line-30\b/)
  await steward.killServer()
  await steward.startServer()
  await screen.shows(/\nover\s+[$#] $/, 60_000)
  const shown = [...screen.bytes.toString().matchAll(/^line-(\d+)\r*$/gm)].map(([, number]) => Number(number))
  assert.deepEqual(
    shown,
    Array.from({ length: 200 }, (_, i) => i + 1),
  )
  screen.type('exit\r')
  assert.equal(await screen.ended, 0)
})

test('SM-16 steward exec is a command of this machine, as far as one can tell', async () => {
  await using steward = await Installation.start()
  const [agent] = (await steward.startAgents(1)) as [Agent]
  const exec = (line: string, input?: string | Buffer) => typed(steward, ['exec', agent.id, '--', line], input)

  const both = await exec('echo out; echo err >&2; exit 7')
  assert.deepEqual([both.code, both.out.toString(), both.err], [7, 'out\n', 'err\n'])
  const data = randomBytes(5_000_000)
  const through = await exec('cat', data)
  assert.deepEqual([through.code, through.err], [0, ''])
  assert.deepEqual(through.out, data)
  assert.deepEqual(
    [(await exec('head -c 3', data)).out, (await exec('kill -TERM $$')).code],
    [data.subarray(0, 3), 143],
  )
  const words = await typed(steward, ['exec', agent.id, '--', 'sh', '-c', 'echo "$0 $1"; exit 5', 'a  b', "it's"])
  assert.deepEqual([words.code, words.out.toString()], [5, "a  b it's\n"])
  const missing = await exec('no-such-program')
  assert.equal(missing.code, 127)
  assert.match(missing.err, /no-such-program/)
})

test('steward cp takes files and directories both ways', async () => {
  await using steward = await Installation.start()
  const [agent] = (await steward.startAgents(1)) as [Agent]
  const content = randomBytes(3_000_000)
  const [source, back] = [join(steward.folder, 'source'), join(steward.folder, 'back')]
  writeFileSync(source, content)
  const remote = `${agent.id}:copy-${steward.folder.slice(-6)}`
  for (const words of [
    [source, remote],
    [remote, back],
  ]) {
    const { code, err } = await typed(steward, ['cp', ...words])
    assert.deepEqual([code, err], [0, ''])
  }
  assert.deepEqual(readFileSync(back), content)
  await typed(steward, ['exec', agent.id, '--', `rm copy-${steward.folder.slice(-6)}`])
})

function open(steward: Installation, [file = '', ...words]: readonly string[], url?: string): Screen {
  return new Screen(file, words, environment(steward, url))
}

async function onlySession({ ssm }: Installation) {
  const { Sessions } = await ssm.send(new DescribeSessionsCommand({ State: 'Active' }))
  assert.equal(Sessions!.length, 1)
  return Sessions![0]!
}

function s3({ url, region, rootKey }: Installation): S3Client {
  return new S3Client({ endpoint: url, region, credentials: rootKey, forcePathStyle: true })
}

/** Has the account's sessions logged to a bucket. */
async function keepLogs(steward: Installation): Promise<void> {
  await s3(steward).send(new CreateBucketCommand({ Bucket: 'logs-of-sessions' }))
  const inputs = { s3BucketName: 'logs-of-sessions', s3KeyPrefix: 'shells', s3EncryptionEnabled: true }
  const Content = JSON.stringify({ schemaVersion: '1.0', sessionType: 'Standard_Stream', inputs })
  const Name = 'SSM-SessionManagerRunShell'
  await steward.ssm.send(new CreateDocumentCommand({ Name, Content, DocumentType: 'Session', DocumentFormat: 'JSON' }))
}

async function logSays(steward: Installation, sessionId: string, wanted: string): Promise<void> {
  const Bucket = 'logs-of-sessions'
  const Key = `shells/${sessionId}.log`
  await eventually(async () => {
    const { Contents = [] } = await s3(steward).send(new ListObjectsV2Command({ Bucket }))
    return Contents.some((object) => object.Key === Key)
  }, 30_000)
  const { Body } = await s3(steward).send(new GetObjectCommand({ Bucket, Key }))
  assert.ok((await Body!.transformToString()).includes(wanted))
}

/** What the terminal showed, but for what the programs around the session said, is what the recording replays. */
async function recordingIsWhatWasShown(steward: Installation, sessionId: string, shown: Buffer): Promise<void> {
  // Of one that is not sealed yet it would be said to be whole so far.
  await eventually(async () => {
    const { out } = await typed(steward, ['sessions', 'verify', sessionId])
    return out.toString().startsWith('The recording is whole:')
  })
  const { out } = await typed(steward, ['sessions', 'play', sessionId])
  // The terminal of this side turns each line feed into carriage return and line feed.
  const replayed = out.toString('latin1').replaceAll('\n', '\r\n')
  const told =
    /\r+\n(Starting session with SessionId|steward): [^\n]*\n|(\r+\n)+Exiting session with sessionId: [^\n]*\n/g
  assert.equal(shown.toString('latin1').replace(told, '').trim(), replayed.trim())
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
