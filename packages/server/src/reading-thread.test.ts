import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, emptyDatabase } from '@steward/testkit'
import { toConfig } from '#kernel/config.ts'
import { silentLogger } from '#kernel/logger.ts'
import { type House, startHouse } from './house.ts'

type Config = ConstructorParameters<typeof SSMClient>[0] & object

/** A server as people run it, not in test mode, whose reads a thread answers from the first on. */
async function startReading(databaseUrl = '', more: Record<string, string> = {}) {
  const data = mkdtempSync(join(tmpdir(), 'steward-reading-'))
  const env = {
    STEWARD_DATA: data,
    STEWARD_HTTP: '127.0.0.1:0',
    STEWARD_HTTPS: 'off',
    STEWARD_DATABASE_URL: databaseUrl,
    STEWARD_READING_THREADS: '1',
    ...more,
  }
  const house = await startHouse(toConfig(env, data), silentLogger, { checkAnswers: true, readingFromTheStart: true })
  const url = `http://127.0.0.1:${house.http.port}`
  const clients: { destroy(): void }[] = []
  return {
    house,
    data,
    client<C extends { destroy(): void }>(Client: new (config: Config) => C, credentials = keyOf(house)): C {
      const made = new Client({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
      clients.push(made)
      return made
    },
    /** How many requests threads were given. */
    async given(): Promise<number> {
      const metrics = await (await fetch(`${url}/metrics`)).text()
      return Number(/^steward_reading_thread_requests_total (\d+)/m.exec(metrics)?.[1])
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy()
      await house.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

function keyOf({ rootKey: { accessKeyId, secretAccessKey } }: Pick<House, 'rootKey'>) {
  return { accessKeyId, secretAccessKey }
}

for (const kind of DATABASES) {
  test(`X-11 a read that another thread answers sees every write that was answered before (${kind})`, async () => {
    const { url, drop } = await emptyDatabase(kind)
    try {
      await using server = await startReading(url)
      const ssm = server.client(SSMClient)
      const write = async (name: string) => {
        for (let value = 0; value < 25; value++) {
          const put = {
            Name: name,
            Value: `${value}`,
            Type: value % 2 ? 'String' : 'SecureString',
            Overwrite: true,
          } as const
          const { Version } = await ssm.send(new PutParameterCommand(put))
          const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }))
          assert.deepEqual([Parameter?.Value, Parameter?.Version], [`${value}`, Version])
        }
      }
      await Promise.all(Array.from({ length: 4 }, (_, index) => write(`/p${index}`)))
      assert.equal(await server.given(), 100)
    } finally {
      await drop()
    }
  })
}

test('X-28 damage that a thread comes upon is told by the first one, and by /readyz', async () => {
  const data = mkdtempSync(join(tmpdir(), 'steward-damaged-'))
  try {
    {
      await using whole = await startReading('', { STEWARD_DATA: data })
      await whole.client(SSMClient).send(new PutParameterCommand({ Name: '/p', Value: 'v', Type: 'String' }))
    }
    damage(join(data, 'steward.db'), 'parameter')
    await using server = await startReading('', { STEWARD_DATA: data })
    const threads = async () =>
      /^steward_reading_threads (\d+)/m.exec(
        await (await fetch(`http://127.0.0.1:${server.house.http.port}/metrics`)).text(),
      )?.[1]
    const readiness = async () => (await fetch(`http://127.0.0.1:${server.house.http.port}/readyz`)).status
    assert.equal(await readiness(), 200)
    const read = server.client(SSMClient).send(new GetParameterCommand({ Name: '/p' }))
    await assert.rejects(read, { name: 'ServiceUnavailable' })
    assert.deepEqual([await readiness(), await server.given(), await threads()], [503, 1, '1'])
  } finally {
    rmSync(data, { recursive: true })
  }
})

/** Overwrites the first page of a table. */
function damage(path: string, table: string): void {
  const database = new DatabaseSync(path)
  const root = database.prepare('select rootpage from sqlite_master where name = ?').get(table)
  database.close()
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(4096, 7), 0, 4096, (Number(root?.rootpage) - 1) * 4096)
  closeSync(file)
}

test('X-12 what was taken away counts from the next request on, whichever thread answers', async () => {
  await using server = await startReading()
  const iam = server.client(IAMClient)
  await server.client(SSMClient).send(new PutParameterCommand({ Name: '/p', Value: 'v', Type: 'String' }))
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  const { AccessKeyId, SecretAccessKey } = AccessKey!
  const ann = server.client(SSMClient, { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey! })
  const read = () => ann.send(new GetParameterCommand({ Name: '/p' })).then(({ Parameter }) => Parameter?.Value)
  const policy = { UserName: 'ann', PolicyName: 'read' }
  const Statement = { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' }
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  for (let round = 0; round < 10; round++) {
    await assert.rejects(read(), { name: 'AccessDeniedException' })
    await iam.send(new PutUserPolicyCommand({ ...policy, PolicyDocument }))
    assert.equal(await read(), 'v')
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId, Status: 'Inactive' }))
    await assert.rejects(read(), { name: 'UnrecognizedClientException' })
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId, Status: 'Active' }))
    await iam.send(new DeleteUserPolicyCommand(policy))
  }
  assert.equal(await server.given(), 30)
})

test('X-19 reads that threads answered are on the audit trail; what reveals a secret before it is answered', async () => {
  await using server = await startReading()
  const ssm = server.client(SSMClient)
  const trail = server.client(CloudTrailClient)
  const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: 'GetParameter' }]
  const recorded = async () => (await trail.send(new LookupEventsCommand({ LookupAttributes }))).Events ?? []
  await ssm.send(new PutParameterCommand({ Name: '/secret', Value: 'hidden words', Type: 'SecureString' }))
  for (let count = 1; count <= 5; count++) {
    await ssm.send(new GetParameterCommand({ Name: '/secret', WithDecryption: true }))
    assert.equal((await recorded()).length, count)
  }
  await assert.rejects(ssm.send(new GetParameterCommand({ Name: '/none' })), { name: 'ParameterNotFound' })
  await server.house.settle()
  const errors = (await recorded()).map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent!).errorCode)
  assert.deepEqual(errors.filter(Boolean), ['ParameterNotFound'])
  assert.equal(JSON.stringify(await recorded()).includes('hidden words'), false)
})

test('X-16 a root key that was replaced is refused by threads too, and its successor takes over', async () => {
  await using server = await startReading()
  const old = server.client(SSMClient)
  await old.send(new PutParameterCommand({ Name: '/p', Value: 'v', Type: 'String' }))
  const file = join(server.data, 'root-key.json')
  const next = { ...JSON.parse(readFileSync(file, 'utf8')), accessKeyId: 'AKIANEXTNEXTNEXTNEXT' }
  writeFileSync(file, JSON.stringify(next))
  const successor = server.client(SSMClient, { accessKeyId: next.accessKeyId, secretAccessKey: next.secretAccessKey })
  const read = (client: SSMClient) => client.send(new GetParameterCommand({ Name: '/p' }))
  // The file is looked at once a second.
  while (!(await read(successor).catch(() => undefined)));
  await assert.rejects(read(old), { name: 'UnrecognizedClientException' })
})

test('X-21 callers who prove nothing use up nobody’s rate', async () => {
  await using server = await startReading('', { STEWARD_RATE_LIMITS: 'parameters-read=1/5' })
  const ssm = server.client(SSMClient)
  await ssm.send(new PutParameterCommand({ Name: '/p', Value: 'v', Type: 'String' }))
  const impostor = server.client(SSMClient, { ...keyOf(server.house), secretAccessKey: 'wrong' })
  const read = (client: SSMClient) =>
    client.send(new GetParameterCommand({ Name: '/p' })).then(
      () => 'read',
      (error: Error) => error.name,
    )
  for (let count = 0; count < 20; count++) assert.equal(await read(impostor), 'InvalidSignatureException')
  const answers = await Promise.all(Array.from({ length: 30 }, () => read(ssm)))
  assert.deepEqual([...new Set(answers)].sort(), ['ThrottlingException', 'read'])
  assert.ok(answers.filter((one) => one === 'read').length >= 5)
  assert.ok((await server.given()) >= 25)
})
