import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type JsonPath, schemaProblems, schemasAt } from './json-schema.ts'
import { PLUGINS } from './plugins.ts'
import { documentSchema, SCHEMA_VERSIONS } from './schemas.ts'

test('DOC-04 there is a schema for each version, and none for others', () => {
  for (const [type, versions] of Object.entries(SCHEMA_VERSIONS)) {
    for (const version of versions) assert.match(documentSchema(type, version)?.title ?? '', new RegExp(version))
  }
  assert.equal(documentSchema('Command', '0.3'), undefined)
  assert.equal(documentSchema('Package'), undefined)
  assert.match(documentSchema('Command')!.title!, /2\.2/)
})

test('DOC-20 an editor finds what may stand at a path, the inputs of the very plugin included', () => {
  const schema = documentSchema('Command')!
  const document = { schemaVersion: '2.2', mainSteps: [{ action: 'aws:configurePackage', name: 'one', inputs: {} }] }
  const names = (path: JsonPath) =>
    schemasAt(schema, document, path).flatMap(({ properties = {} }) => Object.keys(properties))
  assert.deepEqual(names([]), ['schemaVersion', 'description', 'parameters', 'mainSteps'])
  const flow = ['onFailure', 'onSuccess', 'finallyStep']
  assert.deepEqual(names(['mainSteps', 0, 'inputs']), [
    ...Object.keys(PLUGINS['aws:configurePackage']!.inputs),
    ...flow,
  ])
  assert.deepEqual(schemasAt(schema, document, ['mainSteps', 0, 'inputs', 'action'])[0]?.enum, ['Install', 'Uninstall'])
  assert.deepEqual(names(['parameters', 'any']).slice(0, 3), ['type', 'description', 'default'])
  assert.deepEqual(schemasAt(schema, document, ['nowhere', 3]), [])
})

test('DOC-20 a reference to a parameter may stand wherever a value may', () => {
  const schema = documentSchema('Command')!
  const inputs = { runCommand: '{{ lines }}', timeoutSeconds: '{{ time }}' }
  const document = (more: object) => ({
    schemaVersion: 2.2,
    mainSteps: [{ action: 'aws:runShellScript', name: 'one', inputs: { ...inputs, ...more } }],
  })
  assert.deepEqual(schemaProblems(schema, document({})), [])
  assert.deepEqual(schemaProblems(schema, document({ workingDirectory: ['/'] })), [
    { path: ['mainSteps', 0, 'inputs', 'workingDirectory'], message: 'Expected text.' },
  ])
})
