import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentSchema, schemaProblems } from '@steward/protocol/document/index.ts'
import { parse } from 'yaml'
import { parametersOf, stepsOf } from './content.ts'
import { TEMPLATES } from './templates.ts'

test('DOC-07 parameters are read with what is allowed, as texts', () => {
  const parameters = {
    Mode: { type: 'String', allowedValues: ['a', 1], default: '' },
    Days: { type: 'Integer', description: 'How many.', minChars: 1 },
  }
  const [mode, days] = parametersOf(JSON.stringify({ parameters }))
  assert.deepEqual([mode!.allowedValues, mode!.default], [['a', '1'], ''])
  assert.deepEqual([days!.description, days!.default, days!.minChars], ['How many.', undefined, '1'])
})

test('DOC-05 steps are read of each schema version, and nothing of what has none', () => {
  const precondition = { StringEquals: ['platformType', 'Linux'] }
  const [step] = stepsOf(JSON.stringify({ mainSteps: [{ name: 'one', action: 'aws:runShellScript', precondition }] }))
  assert.deepEqual([step!.number, step!.name, step!.precondition], [1, 'one', ['platformType', 'Linux']])
  assert.equal(stepsOf('{"runtimeConfig":{"aws:runShellScript":{}}}')[0]!.action, 'aws:runShellScript')
  for (const other of ['{}', 'BEGIN:VCALENDAR', '[]', 'null', '{"mainSteps":7,"parameters":[]}'])
    assert.deepEqual([stepsOf(other), parametersOf(other)], [[], []])
})

test('DOC-20 nothing is wrong with the texts that new documents begin with', () => {
  for (const [type, text] of Object.entries(TEMPLATES)) {
    const value = type === 'ChangeCalendar' ? undefined : parse(text)
    const schema = value && documentSchema(type, value.schemaVersion)
    assert.deepEqual(schema ? schemaProblems(schema, value) : [], [], type)
  }
})
