import assert from 'node:assert/strict'
import { test } from 'node:test'
import { converted, hasComments } from './convert.ts'

const YAML = `schemaVersion: "2.2"
parameters:
  "1": &one
    type: String
    default: "007"
  b: *one
mainSteps:
  - inputs:
      runCommand:
        - |
          echo "a"
          echo {{ b }}
      timeoutSeconds: 12345678901234567890
      empty: []
`

const JSON_TEXT = `{
  "schemaVersion": "2.2",
  "parameters": {
    "1": {
      "type": "String",
      "default": "007"
    },
    "b": {
      "type": "String",
      "default": "007"
    }
  },
  "mainSteps": [
    {
      "inputs": {
        "runCommand": [
          "echo \\"a\\"\\necho {{ b }}\\n"
        ],
        "timeoutSeconds": 12345678901234567890,
        "empty": []
      }
    }
  ]
}
`

test('DOC-02 YAML becomes JSON in the same order, with the same numbers', () => {
  assert.equal(converted(YAML, 'JSON'), JSON_TEXT)
})

test('DOC-02 JSON becomes YAML as people write it, and the same again', () => {
  const yaml = converted(JSON_TEXT, 'YAML')!
  assert.match(yaml, /^schemaVersion: "2.2"$/m)
  assert.match(yaml, /^ {4}default: "007"$/m)
  assert.match(yaml, /- \|\n {10}echo "a"\n {10}echo {{ b }}$/m)
  assert.equal(converted(yaml, 'JSON'), JSON_TEXT)
})

test('DOC-02 what cannot be read is not converted', () => {
  assert.equal(converted('{"a": [', 'YAML'), undefined)
  assert.equal(converted('', 'JSON'), '')
})

test('DOC-02 comments are known before they are lost', () => {
  assert.equal(hasComments('# first\na: 1'), true)
  assert.equal(hasComments('a:\n  # inside\n  b: 1'), true)
  assert.equal(hasComments('a: "# text"'), false)
})
