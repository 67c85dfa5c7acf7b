import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentSchema } from '@steward/protocol/document/index.ts'
import fc from 'fast-check'
import { cursorAt, pathAt } from './cursor.ts'
import { insertion, suggestions } from './suggestions.ts'

const schema = documentSchema('Command', '2.2')!

/** What is offered where `|` stands. */
function offered(text: string) {
  const at = text.indexOf('|')
  const cursor = cursorAt(text.replace('|', ''), at)
  return cursor ? suggestions(schema, cursor, text.startsWith('{') ? 'JSON' : 'YAML') : []
}

const labels = (text: string) => offered(text).map(({ label }) => label)

const STEPS = 'schemaVersion: "2.2"\nmainSteps:\n'

test('DOC-20 members are offered that are not there yet', () => {
  assert.deepEqual(labels('schemaVersion: "2.2"\n|'), ['description', 'parameters', 'mainSteps'])
  assert.deepEqual(labels('|'), ['schemaVersion', 'description', 'parameters', 'mainSteps'])
  assert.deepEqual(labels('schemaVersion: "2.2"\nde|\nmainSteps: []\n'), ['description', 'parameters'])
  const required = offered('|').filter((one) => one.required)
  assert.deepEqual(
    required.map(({ label }) => label),
    ['schemaVersion', 'mainSteps'],
  )
})

test('DOC-20 the inputs of a step are those of its plugin', () => {
  const own = ['timeoutSeconds', 'workingDirectory']
  const ofEach = ['onFailure', 'onSuccess', 'finallyStep']
  const inputs = ['runCommand', ...own, ...ofEach]
  assert.deepEqual(labels(`${STEPS}  - name: a\n    action: aws:runShellScript\n    inputs:\n      |`), inputs)
  assert.deepEqual(
    labels(
      `${STEPS}  - name: a\n    action: aws:runShellScript\n    inputs:\n      runCommand:\n        - id\n      wo|`,
    ),
    [...own, ...ofEach],
  )
  assert.deepEqual(labels(`${STEPS}- action: aws:configureDocker\n  name: b\n  inputs:\n    |`), ['action', ...ofEach])
  assert.deepEqual(
    labels('{ "schemaVersion": "2.2", "mainSteps": [{ "action": "aws:runShellScript", "inputs": { "|" } }] }'),
    inputs,
  )
})

test('DOC-20 values are offered where there are few', () => {
  assert.ok(labels(`${STEPS}  - action: |\n    name: a\n`).includes('aws:runShellScript'))
  assert.ok(labels(`${STEPS}  - action: aws:run|\n    name: a\n`).includes('aws:runPowerShellScript'))
  assert.ok(labels('{\n  "mainSteps": [\n    { "action": "aws:r|" }\n  ]\n}').includes('aws:runShellScript'))
  assert.deepEqual(labels(`${STEPS}  - action: aws:runShellScript\n    onFailure: |`), ['exit', 'successAndExit'])
  assert.deepEqual(labels('parameters:\n  Name:\n    type: St|\n').slice(0, 2), ['String', 'StringList'])
  assert.deepEqual(offered('schemaVersion: |')[0]?.before, '"1.2"')
  assert.deepEqual(
    labels(`${STEPS}  - action: aws:runShellScript\n    precondition:\n      StringEquals:\n        - |`),
    ['platformType', 'Linux', 'Windows', 'MacOS'],
  )
})

test('DOC-20 parameters are offered where they are referred to', () => {
  const parameters = 'parameters:\n  City:\n    type: String\n    description: Where.\n'
  for (const line of ['      - echo {{ |', '      - echo "{{C|"', '      - echo {{ City }} {{ |'])
    assert.deepEqual(labels(`${parameters}${STEPS}  - inputs:\n      runCommand:\n${line}`), ['City'])
})

test('DOC-20 nothing is offered in the middle of a script', () => {
  assert.deepEqual(labels(`${STEPS}  - inputs:\n      runCommand: |-\n        ec|`.replace('|-', '>-')), [])
  assert.deepEqual(labels(`${STEPS}# a comm|`), [])
})

test('DOC-20 what is written fits its place', () => {
  const write = (text: string, label: string) => {
    const at = text.indexOf('|')
    const plain = text.replace('|', '')
    const cursor = cursorAt(plain, at)!
    const one = offered(text).find((suggestion) => suggestion.label === label)!
    const { from, to, insert, cursorAfter } = insertion(one, plain, cursor.from, cursor.to)
    return `${plain.slice(0, from)}${insert.slice(0, cursorAfter)}|${insert.slice(cursorAfter)}${plain.slice(to)}`
  }
  assert.equal(write('ma|', 'mainSteps'), 'mainSteps:\n  - |')
  assert.equal(write(`${STEPS}  - in|`, 'inputs'), `${STEPS}  - inputs:\n      |`)
  assert.equal(write(`${STEPS}  - act|`, 'action'), `${STEPS}  - action: |`)
  assert.equal(write(`${STEPS}  - acti|xx: aws:runShellScript`, 'action'), `${STEPS}  - action|: aws:runShellScript`)
  assert.equal(write('{ | }', 'parameters'), '{ "parameters": {|} }')
  assert.equal(write('{ "para|" }', 'parameters'), '{ "parameters": {|} }')
  assert.equal(write('{ "desc| }', 'description'), '{ "description": "|" }')
})

test('DOC-20 a hint is about the member under the pointer', () => {
  const text = `${STEPS}  - action: aws:runShellScript\n    inputs:\n      runCommand: [id]\n`
  assert.deepEqual(pathAt(text, text.indexOf('runCommand') + 2)?.path, ['mainSteps', 0, 'inputs', 'runCommand'])
  assert.deepEqual(pathAt(text, text.indexOf('aws:run') + 2)?.path, ['mainSteps', 0, 'action'])
  assert.equal(pathAt(text, text.length), undefined)
})

test('DOC-20 no text and no place in it is too much', () => {
  const piece = fc.constantFrom(
    'mainSteps',
    ':',
    ' ',
    '\n',
    '- ',
    '{',
    '}',
    '[',
    '"',
    "'",
    '{{ ',
    '#',
    '*a',
    '&a ',
    '|',
    'é',
    ',',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(100), (pieces, place) => {
      const text = pieces.join('')
      const cursor = cursorAt(text, Math.min(place, text.length))
      if (cursor) suggestions(schema, cursor, 'YAML')
      pathAt(text, place)
    }),
  )
})
