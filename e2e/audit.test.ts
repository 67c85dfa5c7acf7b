/** The audit trail of a real server that is killed while it works, and what auditors do with it on the command line. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { Installation } from './installation.ts'

const STEWARD = fileURLToPath(new URL('../packages/cli/bin/steward.mjs', import.meta.url))
const KILLS = 3
/** Answered before each kill; by then the first of them are in the chain and the last are not. */
const WRITES = 100

test('X-19 kill -9: every write that was answered is on record, and every record of a write is of one that happened', async () => {
  await using steward = await Installation.start()
  const answered: string[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    let going = true
    const writeOn = async (writer: number) => {
      for (let index = 0; going; index++) {
        const Name = `/w/${kill}/${writer}/${index}`
        const put = new PutParameterCommand({ Name, Type: 'String', Value: 'x' })
        await steward.ssm.send(put).then(
          () => answered.push(Name),
          () => {},
        )
      }
    }
    const writers = Array.from({ length: 8 }, (_, writer) => writeOn(writer))
    const enough = answered.length + WRITES
    await eventually(() => answered.length >= enough)
    await steward.killServer()
    going = false
    await Promise.all(writers)
    await steward.startServer()
  }
  const recorded = new Set<string>()
  for (const event of await lookUp(steward, 'PutParameter')) {
    const { requestParameters, errorCode } = JSON.parse(event.CloudTrailEvent!)
    if (!errorCode) recorded.add(requestParameters.name)
  }
  for (const name of answered) assert.ok(recorded.has(name), `${name} was answered but is not on record`)
  for (const name of recorded) await steward.ssm.send(new GetParameterCommand({ Name: name }))
  const { code, output } = await run(steward, 'audit', 'verify')
  assert.deepEqual([code, /whole/.test(output)], [0, true])
})

test('X-20 audit search, export and verify on the command line; one flipped byte is found', async () => {
  await using steward = await Installation.start()
  const put = { Name: '/app/token', Type: 'SecureString', Value: 'the-most-secret-value' } as const
  await steward.ssm.send(new PutParameterCommand(put))
  await steward.ssm.send(new GetParameterCommand({ Name: '/app/token', WithDecryption: true }))
  await assert.rejects(steward.ssm.send(new GetParameterCommand({ Name: '/app/none' })))

  const search = await run(steward, 'audit', 'search', '--resource', '/app/token')
  assert.deepEqual(
    search.output
      .trim()
      .split('\n')
      .map((line) => line.split(/\s{2,}/).slice(1, 4)),
    [
      ['root', 'ssm:GetParameter', '/app/token'],
      ['root', 'ssm:PutParameter', '/app/token'],
    ],
  )
  const failed = await run(steward, 'audit', 'search', '--failed')
  assert.match(failed.output, /ssm:GetParameter {2}\/app\/none {2}ParameterNotFound\n$/)
  const exported = await run(steward, 'audit', 'export')
  const file = join(steward.folder, 'export.jsonl')
  writeFileSync(file, exported.output)
  const place = exported.output.split('\n').findIndex((line) => line.includes('PutParameter'))
  const broken = new RegExp(`broken at record ${place + 1}:`)
  assert.equal((await run(steward, 'audit', 'verify', '--file', file)).code, 0)
  writeFileSync(file, exported.output.replace('PutParameter', 'GetParameter'))
  const forged = await run(steward, 'audit', 'verify', '--file', file)
  assert.deepEqual([forged.code, broken.test(forged.output)], [1, true])

  await steward.stopServer()
  const data = join(steward.folder, 'server')
  for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile()) assert.ok(!readFileSync(file).includes('the-most-secret-value'), `${file} has the secret in it`)
  }
  assert.ok(!steward.serverLog.includes('the-most-secret-value'))
  const database = readFileSync(join(data, 'steward.db'))
  database[database.indexOf('"eventName":"PutParameter"') + 14]! ^= 1
  writeFileSync(join(data, 'steward.db'), database)
  await steward.startServer()
  const flipped = await run(steward, 'audit', 'verify')
  assert.deepEqual([flipped.code, broken.test(flipped.output)], [1, true])
})

async function lookUp({ url, region, rootKey: credentials }: Installation, name: string): Promise<Event[]> {
  const client = new CloudTrailClient({ endpoint: url, region, credentials })
  const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: name }]
  const events: Event[] = []
  let NextToken: string | undefined
  do {
    const page = await client.send(new LookupEventsCommand({ LookupAttributes, NextToken }))
    events.push(...page.Events!)
    NextToken = page.NextToken
  } while (NextToken)
  client.destroy()
  return events
}

function run(steward: Installation, ...args: string[]): Promise<{ code: number; output: string }> {
  const { accessKeyId, secretAccessKey } = steward.rootKey
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: steward.url,
    AWS_REGION: steward.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  }
  return new Promise((resolve) =>
    execFile(process.execPath, [STEWARD, ...args], { env, timeout: 60_000 }, (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout }),
    ),
  )
}
