import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '@steward/testkit'
import { ParameterStore } from './testing/parameter-store.ts'

const DAY = 86_400_000
const policy = (Type: string, Attributes: object) => ({ Type, Version: '1.0', Attributes })
const list = (...policies: object[]) => JSON.stringify(policies)
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString()
const Tier = 'Advanced' as const

async function start() {
  const server = await startServer()
  const store = new ParameterStore(server)
  const policies = async () =>
    (await store.describe())[0]?.Policies?.map(({ PolicyType, PolicyStatus }) => [PolicyType, PolicyStatus])
  return { server, store, policies, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('PS-13 a parameter expires when its time has come, whatever was written to it', async () => {
  await using it = await start()
  await it.store.put('p', 'v', { Tier, Policies: list(policy('Expiration', { Timestamp: inDays(10) })) })
  await it.server.advance(9 * DAY)
  await it.store.put('p', 'w', { Overwrite: true })
  assert.equal(await it.store.value('p'), 'w')
  await it.server.advance(1.1 * DAY)
  await assert.rejects(it.store.get('p'), { name: 'ParameterNotFound' })
})

test('PS-13 notifications are given once, and a change arms anew what waits for one', async () => {
  await using it = await start()
  const { store, server, policies } = it
  const Policies = list(
    policy('Expiration', { Timestamp: inDays(30) }),
    policy('ExpirationNotification', { Before: '5', Unit: 'Days' }),
    policy('NoChangeNotification', { After: '24', Unit: 'Hours' }),
  )
  await store.put('p', 'v', { Tier, Policies })
  const states = (...of: string[]) =>
    of.map((status, index) => [['Expiration', 'ExpirationNotification', 'NoChangeNotification'][index], status])
  assert.deepEqual(await policies(), states('Pending', 'Pending', 'Pending'))
  await server.advance(1.1 * DAY)
  assert.deepEqual(await policies(), states('Pending', 'Pending', 'Finished'))
  await store.put('p', 'w', { Overwrite: true })
  assert.deepEqual(await policies(), states('Pending', 'Pending', 'Pending'))
  await server.advance(24 * DAY)
  assert.deepEqual(await policies(), states('Pending', 'Finished', 'Finished'))
  const [first] = (await store.history('p'))[0]!
  assert.deepEqual(first?.Policies?.[2], {
    PolicyText: '{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"24","Unit":"Hours"}}',
    PolicyType: 'NoChangeNotification',
  })
})

test('PS-13 policies are kept when left out, and cleared by an empty list', async () => {
  await using it = await start()
  const Policies = list(policy('NoChangeNotification', { After: '1', Unit: 'Days' }))
  for (const empty of ['[]', '[{}]']) {
    await it.store.put('p', 'v', { Tier, Policies, Overwrite: true, Type: 'String' })
    await it.store.put('p', 'v', { Overwrite: true })
    assert.equal((await it.policies())?.length, 1)
    await it.store.put('p', 'v', { Overwrite: true, Policies: empty })
    assert.deepEqual(await it.policies(), [])
  }
})

test('PS-13 policies that break a rule are refused', async () => {
  await using it = await start()
  const refused = async (Policies: string, name: string, message = /./) =>
    assert.rejects(it.store.put('p', 'v', { Tier, Policies }), { name, message })
  const expiration = (Timestamp: string) => policy('Expiration', { Timestamp })
  const after = (After: string) => list(policy('NoChangeNotification', { After, Unit: 'Days' }))
  await refused('{', 'ValidationException')
  await refused('{}', 'ValidationException')
  await refused(list(policy('Other', {})), 'InvalidPolicyTypeException')
  await refused(list(expiration('tomorrow')), 'InvalidPolicyAttributeException')
  await refused(list(expiration('2027-02-30T00:00:00Z')), 'InvalidPolicyAttributeException')
  await refused(list(expiration(inDays(1)), expiration(inDays(2))), 'IncompatiblePolicyException')
  await refused(after('0'), 'InvalidPolicyAttributeException', /greater than 0/)
  await refused(after('0.5'), 'InvalidPolicyAttributeException', /whole number/)
  await refused(list(policy('NoChangeNotification', { After: '1', Unit: 'Weeks' })), 'InvalidPolicyAttributeException')
  await refused(
    list(
      ...Array.from({ length: 11 }, (_, hours) =>
        policy('ExpirationNotification', { Before: `${hours + 1}`, Unit: 'Hours' }),
      ),
    ),
    'PoliciesLimitExceededException',
  )
  await assert.rejects(it.store.put('p', 'v', { Policies: list(expiration(inDays(1))) }), {
    name: 'ValidationException',
  })
  const one = expiration(inDays(1))
  await it.store.put('p', 'v', { Tier, Policies: list(one, one) })
  await it.store.put('q', 'v', { Tier, Policies: list(expiration('2099-11-01T22:13:48.87+10:30:00')) })
})
