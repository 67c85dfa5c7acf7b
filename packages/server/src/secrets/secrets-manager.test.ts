import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signRequest } from '@steward/protocol/signature.ts'
import { systemClock } from '#kernel/clock.ts'
import { CURRENT } from '#kernel/secret-store.ts'
import { secretStoreSetting } from '#kernel/secret-store-setting.ts'
import { openSecretStore } from './open-secret-store.ts'
import { type Asked, fakeServer, type Said } from './testing/fake-server.ts'

const SCOPE = { account: '000000000000', region: 'eu-west-1' }
const VALUE = {
  ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/db-AbCdEf',
  Name: 'app/db',
  VersionId: '6acf7301-d9fe-4fbf-9c59-9c7c5f96aba2',
  SecretString: 'value',
  VersionStages: ['AWSCURRENT'],
  CreatedDate: 1634206727.297,
}

function storeAt(host: string, options = '') {
  const env = { STEWARD_SECRETS_URL: `aws+http://AKIAX:a%2Fsecret@${host}${options}` }
  const store = openSecretStore(secretStoreSetting(env, [])!, SCOPE.account, systemClock)
  return { ...store, [Symbol.dispose]: () => store.close() }
}

/** Whether the request is signed with the key, for the Region, by someone whose clock is right. */
function isSigned({ headers, path, body, method }: Asked, region: string): boolean {
  const text = String(headers['x-amz-date'])
  const date = new Date(text.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'))
  const request = {
    method,
    url: new URL(path, `http://${headers.host}`),
    headers: { 'content-type': String(headers['content-type']), 'x-amz-target': String(headers['x-amz-target']) },
    body,
    service: 'secretsmanager',
    region,
    date,
  }
  const { authorization } = signRequest(request, { accessKeyId: 'AKIAX', secretAccessKey: 'a/secret' })
  return headers.authorization === authorization && Math.abs(date.getTime() - Date.now()) < 60_000
}

test('PS-15 Secrets Manager is asked for a version or a stage, signed for the caller’s Region or one of its own', async () => {
  using server = await fakeServer(() => ({ status: 200, body: VALUE }))
  using store = storeAt(server.host, '?prefix=team')
  const secret = await store.read(SCOPE, 'db', { stage: CURRENT })
  assert.deepEqual(secret, {
    arn: VALUE.ARN,
    name: 'app/db',
    versionId: VALUE.VersionId,
    versionStages: ['AWSCURRENT'],
    text: 'value',
    createdAt: new Date(1634206727297),
  })
  await store.read(SCOPE, 'db', { id: VALUE.VersionId })
  assert.deepEqual(
    server.asked.map(({ body }) => JSON.parse(body)),
    [
      { SecretId: 'team/db', VersionStage: 'AWSCURRENT' },
      { SecretId: 'team/db', VersionId: VALUE.VersionId },
    ],
  )
  assert.equal(server.asked[0]!.headers['x-amz-target'], 'secretsmanager.GetSecretValue')
  assert.ok(server.asked.every((asked) => isSigned(asked, 'eu-west-1')))
  using fixed = storeAt(server.host, '?region=us-west-2')
  await fixed.read(SCOPE, 'db', { stage: CURRENT })
  assert.ok(isSigned(server.asked.at(-1)!, 'us-west-2'))
})

test('PS-15 Secrets Manager: what it refuses has its meaning, and binary secrets have no text', async () => {
  let said: Said = { status: 200, body: { ...VALUE, SecretString: undefined, SecretBinary: 'YWJj' } }
  using server = await fakeServer(() => said)
  using store = storeAt(server.host)
  const read = () => store.read(SCOPE, 'db', { stage: CURRENT })
  assert.equal((await read())?.text, undefined)
  const refuses = (code: string, status = 400) => {
    said = { status, body: { __type: `com.amazonaws#${code}`, message: 'because' } }
  }
  refuses('ResourceNotFoundException')
  assert.equal(await read(), undefined)
  await store.check()
  refuses('InvalidRequestException')
  await assert.rejects(read(), { code: 'ValidationException', message: 'Invalid Request to Secrets Manager' })
  refuses('AccessDeniedException')
  await assert.rejects(read(), { code: 'AccessDeniedException', message: /answered 400 \(AccessDeniedException\)/ })
  await store.check()
  refuses('UnrecognizedClientException')
  await assert.rejects(store.check(), { code: 'AccessDeniedException' })
  refuses('ThrottlingException')
  await assert.rejects(read(), { code: 'ServiceUnavailable' })
  refuses('InternalServiceError', 500)
  await assert.rejects(read(), { code: 'ServiceUnavailable' })
  await assert.rejects(store.check(), { code: 'ServiceUnavailable' })
})
