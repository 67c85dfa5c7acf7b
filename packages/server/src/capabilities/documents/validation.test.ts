import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DocumentFormat, DocumentType } from './document.ts'
import { PREDEFINED } from './predefined/index.ts'
import { validateContent } from './validation.ts'

test('DOC-20 documents that come with the server have no problem at all', () => {
  for (const { name, type, versions } of PREDEFINED.values()) {
    for (const { content } of versions) assert.deepEqual(problems(content, 'JSON', type), [], name)
  }
})

test('DOC-20 a refusal comes with its place, whatever the format', () => {
  const yaml = `schemaVersion: '2.2'
mainSteps:
- action: aws:runShellScript
  name: one
  inputs:
    runCommand: ['echo {{ who }}']
`
  const said = 'InvalidDocumentContent Parameter "who" is not declared.'
  assert.deepEqual(problems(yaml, 'YAML'), [`5:3 /mainSteps/0/inputs ${said}`])
  const json = `{"schemaVersion": "2.2", "mainSteps": [
  {"action": "aws:runShellScript", "name": "one", "inputs": {"runCommand": ["{{ who }}"]}}
]}`
  assert.deepEqual(problems(json, 'JSON'), [`2:51 /mainSteps/0/inputs ${said}`])
})

test('DOC-20 several problems are told at once, each once', () => {
  const yaml = `schemaVersion: '2.2'
description: two faults and two doubts
parameters:
  who: {type: String, defualt: me}
mainSteps:
- action: aws:runShelScript
  name: one
- action: aws:runShellScript
  name: two
  onFailure: stop
  inputs: {runComand: [true]}
`
  assert.deepEqual(problems(yaml, 'YAML'), [
    '6:3 /mainSteps/0/action InvalidDocumentContent Unknown plugin name: aws:runShelScript',
    '4:23 /parameters/who/defualt “defualt” is not known here.',
    '10:3 /mainSteps/1/onFailure “stop” is not one of exit, successAndExit.',
    '11:3 /mainSteps/1/inputs “runCommand” is missing.',
    '11:12 /mainSteps/1/inputs/runComand “runComand” is not known here.',
  ])
})

test('DOC-20 what is missing is told once, at what it is missing from', () => {
  assert.deepEqual(problems('{"schemaVersion": "2.2"}', 'JSON'), [
    '1:2  InvalidDocumentContent Missing "mainSteps" in the document.',
  ])
  assert.deepEqual(problems('schemaVersion: "2.2"\nmainSteps:\n- name: one\n', 'YAML'), [
    '3:3 /mainSteps/0 InvalidDocumentContent Missing "action" in step detail.',
  ])
})

test('DOC-20 text that cannot be read has one problem, where the reading ends', () => {
  assert.deepEqual(problems('{"schemaVersion": "2.2",\n ]', 'JSON'), [
    '2:2  InvalidDocumentContent JSON not well-formed. at Line: 2, Column: 2',
  ])
  assert.match(problems('a: [\n', 'YAML').join(), /InvalidDocumentContent YAML not well-formed/)
  assert.match(problems('x'.repeat(70_000), 'YAML').join(), /MaxDocumentSizeExceeded/)
})

test('DOC-20 runbooks and session documents are checked by schemas of their own', () => {
  const runbook = `schemaVersion: '0.3'
mainSteps:
- name: wait
  action: aws:sleep
  inputs: {Duration: PT1S}
- name: call
  action: aws:executeAwsApi
  inputs: {Service: s3, Bucket: mine}
`
  assert.deepEqual(problems(runbook, 'YAML', 'Automation'), ['8:3 /mainSteps/1/inputs “Api” is missing.'])
  const session = '{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"idleTimeout":"5"}}'
  assert.deepEqual(problems(session, 'JSON', 'Session'), ['1:66 /inputs/idleTimeout “idleTimeout” is not known here.'])
})

test('DOC-20 no text makes the check itself fail', () => {
  const yamlish = fc.string({
    unit: fc.constantFrom('a', ':', ' ', '\n', '-', '{', '}', '[', ']', '&x ', '*x', '"', '#', '2'),
  })
  fc.assert(
    fc.property(yamlish, fc.constantFrom<DocumentFormat>('JSON', 'YAML', 'TEXT'), (text, format) => {
      assert.ok(validateContent('Command', format, text).problems.length > 0)
    }),
  )
})

function problems(text: string, format: DocumentFormat, type: DocumentType = 'Command'): string[] {
  return validateContent(type, format, text).problems.map(({ code, message, path, place }) =>
    [`${place?.line}:${place?.column}`, path.map((step) => `/${step}`).join(''), ...(code ? [code] : []), message].join(
      ' ',
    ),
  )
}
