import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  GetParameterCommand,
  PutParameterCommand,
  ResetServiceSettingCommand,
  SSMClient,
  UpdateServiceSettingCommand,
} from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { loadService, SERVICE_NAMES } from '@steward/model'
import { startServer } from '@steward/testkit'
import fc from 'fast-check'
import { toConfig } from '#kernel/config.ts'
import { awsJson } from './aws-json.ts'
import type { Asked } from './protocol.ts'
import { familyOf, Throttle } from './throttle.ts'

function asking(service: string, operationName: string): Asked {
  const model = loadService(service)!
  return { service: model, operationName, operation: model.operation(operationName), protocol: awsJson('1.1') }
}

test('X-21 a bucket gives its burst at once and its rate in the long run, never more', () => {
  const gaps = fc.array(fc.nat({ max: 2000 }), { minLength: 1, maxLength: 300 })
  const limits = fc.record({ perSecond: fc.integer({ min: 1, max: 50 }), burst: fc.integer({ min: 1, max: 50 }) })
  fc.assert(
    fc.property(gaps, limits, (waits, limit) => {
      let now = 0
      const throttle = new Throttle({}, () => now)
      let given = 0
      for (const wait of waits) {
        now += wait
        if (throttle.take('x', limit)) given++
      }
      assert.ok(given <= limit.burst + (now / 1000) * limit.perSecond + 1e-6)
      // Whoever waits long enough gets one.
      now += Math.ceil(1000 / limit.perSecond)
      assert.ok(throttle.take('x', limit))
    }),
  )
})

test('X-21 each account has its own buckets, each family its own rate; agents are not limited unless it is said', () => {
  const throttle = new Throttle({ default: { perSecond: 1, burst: 1 } }, () => 0)
  throttle.admit('1', asking('ssm', 'ListCommands'))
  assert.throws(() => throttle.admit('1', asking('ssm', 'ListDocuments')), { code: 'ThrottlingException' })
  throttle.admit('2', asking('ssm', 'ListCommands'))
  throttle.admit('1', asking('ssm', 'SendCommand'))
  throttle.admit('1', asking('iam', 'ListUsers'))
  for (let index = 0; index < 5; index++) throttle.admit('1', asking('ssm', 'UpdateInstanceInformation'))
  const families = ['GetParameter', 'GetParametersByPath', 'LabelParameterVersion', 'DeleteParameters', 'GetDocument']
  assert.deepEqual(
    families.map((name) => familyOf(asking('ssm', name))),
    ['parameters-read', 'parameters-read', 'parameters-write', 'parameters-write', 'ssm-read'],
  )
  assert.equal(familyOf(asking('ec2messages', 'GetMessages')), 'agents')
})

test('X-21 a rate may be set for the family of every operation', () => {
  const asked = SERVICE_NAMES.flatMap((name) =>
    loadService(name).operations.map((operation) => asking(name, operation)),
  )
  const families = new Set(asked.map(familyOf))
  assert.ok(families.size > 20)
  const rates = [...families].map((family) => `${family}=1`).join()
  assert.deepEqual(Object.keys(toConfig({ STEWARD_RATE_LIMITS: rates }, '/').rateLimits), ['default', ...families])
})

test('X-21 too many calls are refused in the words that SDKs wait at, and recorded like other refusals', async () => {
  await using server = await startServer({ env: { STEWARD_RATE_LIMITS: 'parameters-read=1/2,sts-read=1/1' } })
  const ssm = server.client(SSMClient)
  const get = () => ssm.send(new GetParameterCommand({ Name: 'p' }))
  await ssm.send(new PutParameterCommand({ Name: 'p', Type: 'String', Value: 'x' }))
  await get()
  await get()
  const metadata = (error: { $metadata: { httpStatusCode: number } }) => error.$metadata.httpStatusCode
  const refusal = await get().catch((error) => error)
  assert.deepEqual([refusal.name, refusal.message, metadata(refusal)], ['ThrottlingException', 'Rate exceeded', 400])
  const sts = server.client(STSClient)
  await sts.send(new GetCallerIdentityCommand({}))
  const again = await sts.send(new GetCallerIdentityCommand({})).catch((error) => error)
  assert.deepEqual([again.name, again.message, metadata(again)], ['Throttling', 'Rate exceeded', 400])
  // SDKs know the error and try again, with pauses.
  const patient = server.client(SSMClient, { maxAttempts: 8 })
  assert.equal((await patient.send(new GetParameterCommand({ Name: 'p' }))).Parameter?.Value, 'x')
})

test('X-21 X-22 an account that asked for high throughput reads parameters beyond the usual rate, for as long as it does', async () => {
  const rates = 'parameters-read=1/2,parameters-read-high=1/3'
  await using server = await startServer({ env: { STEWARD_RATE_LIMITS: rates } })
  const ssm = server.client(SSMClient, { maxAttempts: 1 })
  const setting = { SettingId: '/ssm/parameter-store/high-throughput-enabled' }
  const answers = async (count: number, client = ssm) => {
    const codes: string[] = []
    for (let index = 0; index < count; index++) {
      codes.push(await client.send(new GetParameterCommand({ Name: 'none' })).catch(({ name }) => name))
    }
    return codes.filter((code) => code !== 'ThrottlingException').length
  }
  await ssm.send(new UpdateServiceSettingCommand({ ...setting, SettingValue: 'true' }))
  // A Region in which nobody asked for it.
  assert.ok((await answers(4, server.client(SSMClient, { maxAttempts: 1, region: 'eu-west-1' }))) < 4)
  assert.ok((await answers(3)) >= 3)
  await ssm.send(new ResetServiceSettingCommand(setting))
  assert.ok((await answers(5)) < 5)
})

test('X-22 what an account may read at the high rate comes on top of the usual rate; only reads of parameters have one', async () => {
  const limits = { 'parameters-read': { perSecond: 1, burst: 1 }, 'parameters-read-high': { perSecond: 1, burst: 2 } }
  const throttle = new Throttle({ ...limits, default: { perSecond: 1, burst: 1 } }, () => 0)
  const read = (high: boolean) => throttle.admitOrHigh('1', asking('ssm', 'GetParameter'), async () => high)
  const exceeded = { code: 'ThrottlingException' }
  await read(false)
  await assert.rejects(read(false), exceeded)
  await read(true)
  await read(true)
  await assert.rejects(read(true), exceeded)
  const list = () => throttle.admitOrHigh('1', asking('ssm', 'ListCommands'), () => assert.fail('asked for nothing'))
  await list()
  await assert.rejects(list(), exceeded)
})
