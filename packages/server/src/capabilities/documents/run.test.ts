import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reader } from '#db/database.ts'
import { documentToRun } from './run.ts'

const SCOPE = { account: '123456789012', region: 'us-east-1' }
const NO_DATABASE = {} as Reader

test('PD-01 a predefined document runs without a look into the database, by name and by ARN', async () => {
  for (const name of ['AWS-RunShellScript', 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript']) {
    const runnable = await documentToRun(NO_DATABASE, SCOPE, name, undefined)
    assert.equal(runnable.name, 'AWS-RunShellScript')
    assert.equal(runnable.arn, 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript')
    assert.equal(runnable.version, 1)
    assert.equal(runnable.type, 'Command')
    assert.equal(runnable.content.schemaVersion, '1.2')
    assert.deepEqual(runnable.agentContent, JSON.parse(runnable.text))
  }
})

test('PD-03 predefined documents and versions that we do not have are no documents', async () => {
  const run = (name: string, version?: string) => documentToRun(NO_DATABASE, SCOPE, name, version)
  await assert.rejects(run('AWS-Unheard'), { code: 'InvalidDocument', message: /AWS-Unheard does not exist/ })
  await assert.rejects(run('arn:aws:ssm:eu-west-1::document/AWS-RunShellScript'), { code: 'InvalidDocument' })
  await assert.rejects(run('AWS-RunShellScript', '2'), {
    code: 'InvalidDocumentVersion',
    message: /version 2 does not exist/,
  })
  await assert.rejects(run('AWS-RunShellScript', '99999999999999999999'), { code: 'InvalidDocumentVersion' })
})

test('RC-02 what was read of a content is remembered', async () => {
  const run = () => documentToRun(NO_DATABASE, SCOPE, 'AWS-RunShellScript', '$LATEST')
  assert.equal((await run()).content, (await run()).content)
})
