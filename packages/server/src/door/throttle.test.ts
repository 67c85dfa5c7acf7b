import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { loadService } from '@steward/model'
import { startServer } from '@steward/testkit'
import fc from 'fast-check'
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
