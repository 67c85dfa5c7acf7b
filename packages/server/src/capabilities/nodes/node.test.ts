import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkRole, healthReport, versionKey } from './node.ts'

test('the order of version keys as text is the order of versions', () => {
  const part = fc.integer({ min: 0, max: 999_999 })
  const version = fc.array(part, { minLength: 3, maxLength: 4 })
  const compare = (a: number[], b: number[]): number => {
    const differs = a.findIndex((number, index) => number !== b[index])
    return differs < 0 ? Math.sign(a.length - b.length) : Math.sign(a[differs]! - (b[differs] ?? -1))
  }
  fc.assert(
    fc.property(version, version, (a, b) => {
      const [x, y] = [versionKey(a.join('.')), versionKey(b.join('.'))]
      assert.equal(x < y ? -1 : x > y ? 1 : 0, compare(a, b))
    }),
  )
  assert.ok(versionKey('22.04') < versionKey('22.10'))
})

test('AGT-04 a health report leaves out what is empty or no version, and cuts what is too long', () => {
  const least = { InstanceId: 'mi-00000000000000000' }
  const known = (input: object) =>
    Object.fromEntries(Object.entries(healthReport({ ...least, ...input })).filter(([, value]) => value !== undefined))
  assert.deepEqual(known({}), {})
  assert.deepEqual(known({ ComputerName: '', PlatformName: '', AgentVersion: 'latest' }), {})
  assert.deepEqual(known({ AgentVersion: '3.2.0.0', PlatformType: 'Linux', IPAddress: '::1' }), {
    agentVersion: '3.2.0.0',
    platformType: 'Linux',
    ipAddress: '::1',
  })
  assert.equal(healthReport({ ...least, ComputerName: 'x'.repeat(300) }).computerName?.length, 255)
})

test('HYB-01 names and paths of roles are roles; roles linked to a service are not given to nodes', () => {
  for (const role of ['Role', 'service-role/My+Role=1,@x.y-z_', 'arn:aws:iam::123456789012:role/Role']) {
    assert.doesNotThrow(() => checkRole(role), role)
  }
  for (const role of ['', 'a role', 'aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM', 'r'.repeat(65)]) {
    assert.throws(() => checkRole(role), { code: 'ValidationException' }, role)
  }
})
