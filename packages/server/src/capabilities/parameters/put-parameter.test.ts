import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PutParameterRequest } from '@steward/model/generated/ssm.ts'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { eventsCapability } from '#capabilities/events/index.ts'
import { settingsCapability } from '#capabilities/settings/index.ts'
import { tagsCapability } from '#capabilities/tags/index.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { parametersCapability } from './index.ts'
import { putParameter } from './put-parameter.ts'
import { removeParameter } from './remove-parameter.ts'
import { countParameters, latestOf, parameterCount } from './store.ts'

const scope = { account: '111111111111', region: 'us-east-1' }
const capabilities = [tagsCapability, settingsCapability, eventsCapability, parametersCapability]
const migrations = Object.assign({}, ...capabilities.map((capability) => capability.migrations))

for (const kind of DATABASES) {
  test(`PS-03 when no Standard parameter is left, Intelligent-Tiering takes an Advanced one (${kind})`, async () => {
    await using database = await openTestDatabase(kind, migrations)
    const write = <T>(work: (call: WriteCall) => Promise<T>) =>
      database.write((db) => {
        const principal = { kind: 'root', account: scope.account, arn: 'arn:root' }
        return work({ scope, principal, db, now: new Date(), ids: randomIds, wake() {} } as unknown as WriteCall)
      })
    const put = (Name: string, more: Partial<PutParameterRequest> = {}) =>
      write((call) => putParameter(call, { Name, Value: 'v', Type: 'String', ...more }))
    const count = (tier: string) => database.read((reader) => parameterCount(reader, scope, tier))
    await database.write((tx) => countParameters(tx, scope, 'Standard', 9_999))

    await put('last')
    await assert.rejects(put('one-more'), {
      code: 'ParameterLimitExceeded',
      message:
        'You have reached the maximum number of standard parameters for this AWS account and Region (10000). To add more ' +
        'parameters, either delete existing parameters or upgrade to the advanced-parameter tier (charges apply).',
    })
    assert.equal(await database.read((reader) => latestOf(reader, scope, '/one-more')), undefined)
    assert.equal((await put('one-more', { Tier: 'Intelligent-Tiering' })).tier, 'Advanced')
    await put('last', { Overwrite: true })
    await put('last', { Overwrite: true, Tier: 'Advanced' })
    assert.deepEqual([await count('Standard'), await count('Advanced')], [9_999, 2])
    assert.equal((await put('next', { Tier: 'Intelligent-Tiering' })).tier, 'Standard')
    await write((call) => removeParameter(call, '/next'))
    await put('again')
    assert.deepEqual([await count('Standard'), await count('Advanced')], [10_000, 2])
  })

  test(`PS-01 of many who make the same parameter at once, one succeeds (${kind})`, async () => {
    await using database = await openTestDatabase(kind, migrations)
    const principal = { kind: 'root', account: scope.account, arn: 'arn:root' }
    const put = (Value: string, Overwrite: boolean) =>
      database.write((db) => {
        const call = { scope, principal, db, now: new Date(), ids: randomIds, wake() {} } as unknown as WriteCall
        return putParameter(call, { Name: 'p', Value, Type: 'String', Overwrite })
      })
    const made = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => put(`v${index}`, false)))
    assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const one of made) if (one.status === 'rejected') assert.equal(one.reason.code, 'ParameterAlreadyExists')
    const written = await Promise.all(Array.from({ length: 8 }, (_, index) => put(`w${index}`, true)))
    assert.deepEqual(
      written.map(({ version }) => version).sort((a, b) => a - b),
      [2, 3, 4, 5, 6, 7, 8, 9],
    )
  })
}
