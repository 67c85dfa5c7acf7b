import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'

test('DOC-20 a content is validated without being stored', async () => {
  await using server = await startServer()
  const validate = async (request: object) =>
    (await jsonCall(server, 'Steward.ValidateDocument', request, { service: 'steward' })).json
  const step = { action: 'aws:runShellScript', name: 'one', inputs: { runCommand: ['true'] } }
  assert.deepEqual(await validate({ Content: JSON.stringify({ schemaVersion: '2.2', mainSteps: [step] }) }), {
    Valid: true,
    SchemaVersion: '2.2',
    PlatformTypes: ['Linux', 'MacOS'],
    Problems: [],
  })
  const Content = 'schemaVersion: "2.2"\nmainSteps:\n- {name: a/b, action: aws:runShellScript}\n'
  const { Valid, Problems } = await validate({ Content, DocumentFormat: 'YAML' })
  assert.equal(Valid, false)
  assert.deepEqual((Problems as object[])[0], {
    Severity: 'Error',
    Code: 'InvalidDocumentContent',
    Message: 'StepName: a/b is invalid.',
    Path: '/mainSteps/0/name',
    Line: 3,
    Column: 4,
    EndLine: 3,
    EndColumn: 8,
  })
})
