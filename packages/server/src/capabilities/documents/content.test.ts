import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '#kernel/api-error.ts'
import { agentContent, convertContent, documentContent } from './content.ts'
import type { DocumentFormat, DocumentType } from './document.ts'
import { defaultText } from './parameter-declaration.ts'

type Json = Record<string, unknown>

const SHELL = { action: 'aws:runShellScript', name: 'shell', inputs: { runCommand: ['true'] } }

function command(more: Json = {}): Json {
  return { schemaVersion: '2.2', description: 'a test', mainSteps: [SHELL], ...more }
}

function legacy(runtimeConfig: Json, more: Json = {}): Json {
  return { schemaVersion: '1.2', runtimeConfig, ...more }
}

function read(content: Json, type: DocumentType = 'Command') {
  return documentContent(type, 'JSON', JSON.stringify(content))
}

function refuses(
  content: Json | string,
  message: string,
  type: DocumentType = 'Command',
  format: DocumentFormat = 'JSON',
) {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  assert.throws(() => documentContent(type, format, text), { code: 'InvalidDocumentContent', message })
}

// ---------------------------------------------------------------------------------------------------------------------
// Schema versions

const SCHEMA_VERSIONS: [type: DocumentType, good: string[], bad: string[]][] = [
  ['Command', ['1.2', '2.0', '2.2'], ['0.3', '1.0', '2.1', '3.0']],
  ['Policy', ['2.0', '2.2'], ['1.2']],
  ['Automation', ['0.3'], ['2.2']],
  ['Session', ['1.0'], ['2.0']],
  ['Package', ['2.0'], ['2.2']],
]

for (const [type, , bad] of SCHEMA_VERSIONS) {
  test(`DOC-04 ${type} documents have their own schema versions`, () => {
    for (const schemaVersion of bad) {
      assert.throws(() => read(command({ schemaVersion }), type), {
        code: 'InvalidDocumentSchemaVersion',
        message: `${schemaVersion} is not a valid schema version for ${type} document type`,
      })
    }
  })
}

test('DOC-04 a document without a schema version is refused', () => {
  refuses({ mainSteps: [SHELL] }, 'Missing "schemaVersion" in the document.')
})

// ---------------------------------------------------------------------------------------------------------------------
// Command documents

test('DOC-05 schema 2.x is read: parameters in order, one step per name, platforms', () => {
  const content = read(
    command({
      parameters: {
        commands: { type: 'StringList', description: 'lines', default: ["printf 'one\\n'"] },
        executionTimeout: { type: 'String', default: '10', allowedPattern: '^[0-9]+$' },
      },
      mainSteps: [SHELL, { ...SHELL, name: 'second' }],
    }),
  )
  assert.equal(content.schemaVersion, '2.2')
  assert.equal(content.description, 'a test')
  assert.deepEqual(
    content.parameters?.map((parameter) => [parameter.name, parameter.type, defaultText(parameter)]),
    [
      ['commands', 'StringList', '["printf \'one\\\\n\'"]'],
      ['executionTimeout', 'String', '10'],
    ],
  )
  assert.deepEqual(content.platformTypes, ['Linux', 'MacOS'])
  assert.deepEqual(
    content.steps.map((step) => step.name),
    ['shell', 'second'],
  )
})

test('DOC-05a a 1.2 document reports one plugin named after its runtime entry, however many properties it has', () => {
  for (const properties of [[], {}, [{ id: 'a' }, { id: 'b' }], [{ id: 'a' }, { id: 'a' }]]) {
    const content = read(legacy({ 'aws:runShellScript': { properties } }))
    assert.deepEqual(
      content.steps.map((step) => [step.name, step.plugin]),
      [['aws:runShellScript', 'aws:runShellScript']],
    )
    assert.deepEqual(content.platformTypes, ['Linux', 'MacOS'])
  }
})

test('DOC-05 what one schema has, the other does not know', () => {
  refuses(command({ runtimeConfig: {} }), 'Unknown property "runtimeConfig".')
  refuses(legacy({ 'aws:runShellScript': {} }, { mainSteps: [SHELL] }), 'Unknown property "mainSteps".')
  refuses({ schemaVersion: '2.2' }, 'Missing "mainSteps" in the document.')
  refuses(command({ mainSteps: [] }), 'Missing "mainSteps" in the document.')
  refuses({ schemaVersion: '1.2' }, 'Missing "runtimeConfig" in the document.')
})

test('DOC-05 steps have a known action and a name of their own', () => {
  refuses(command({ mainSteps: [{ name: 'a' }] }), 'Missing "action" in step detail.')
  refuses(command({ mainSteps: [{ action: 'aws:runShellScript' }] }), 'Missing "name" in step detail.')
  refuses(command({ mainSteps: [{ ...SHELL, name: 'a-b' }] }), 'StepName: a-b is invalid.')
  refuses(command({ mainSteps: [SHELL, SHELL] }), 'Duplicate step names found in mainSteps of the document.')
  refuses(command({ mainSteps: [{ ...SHELL, action: 'aws:notAPlugin' }] }), 'Unknown plugin name: aws:notAPlugin')
  refuses(legacy({ 'aws:unknownPlugin': {} }), 'Unknown plugin name: aws:unknownPlugin')
  refuses(legacy({ constructor: {} }), 'Unknown plugin name: constructor')
  refuses(command({ mainSteps: [{ ...SHELL, inputs: [] }] }), 'Invalid "inputs" in step detail. Step name: shell')
})

test('DOC-06 a precondition needs schema 2.2', () => {
  const step = { ...SHELL, precondition: { StringEquals: ['platformType', 'Linux'] } }
  refuses(
    command({ schemaVersion: '2.0', mainSteps: [step] }),
    'Unrecognized field "precondition". Precondition is supported only for Command and Policy document types and for schema version 2.2 or higher. Step name: shell',
  )
  assert.deepEqual(read(command({ mainSteps: [step] })).platformTypes, ['Linux'])
})

test('DOC-06 a precondition compares the platform, or parameters, by StringEquals', () => {
  const parameters = { go: { type: 'String' } }
  const withOperands = (StringEquals: unknown) =>
    command({ parameters, mainSteps: [{ ...SHELL, precondition: { StringEquals } }] })
  assert.deepEqual(read(withOperands(['MacOS', 'platformType'])).platformTypes, ['MacOS'])
  assert.deepEqual(read(withOperands(['{{ go }} now', 'yes now'])).platformTypes, ['Linux', 'MacOS'])
  refuses(
    withOperands(['platformType', 'linux']),
    'Invalid precondition, unrecognized values [platformType, linux] encountered.',
  )
  refuses(withOperands(['a', 'b']), 'Invalid precondition, unrecognized values [a, b] encountered.')
  refuses(withOperands(['{{ gone }}', 'b']), 'Parameter "gone" is not declared.')
  refuses(withOperands(['a']), 'Invalid "precondition" in step detail. Step name: shell')
  const like = { ...SHELL, precondition: { StringLike: ['platformType', 'Linux'] } }
  refuses(
    command({ mainSteps: [like] }),
    'Invalid precondition, unrecognized operator "StringLike" encountered. Step name: shell',
  )
})

test('platform types are those of the plugins within their preconditions, in AWS order', () => {
  const step = (plugin: string, name: string, only?: string) => ({
    action: plugin,
    name,
    inputs: {},
    ...(only && { precondition: { StringEquals: ['platformType', only] } }),
  })
  const platforms = (...mainSteps: Json[]) => read(command({ mainSteps })).platformTypes
  assert.deepEqual(platforms(step('aws:runPowerShellScript', 'a')), ['Windows', 'Linux', 'MacOS'])
  assert.deepEqual(platforms(step('aws:psModule', 'a')), ['Windows'])
  assert.deepEqual(
    platforms(step('aws:runShellScript', 'a', 'Linux'), step('aws:runPowerShellScript', 'b', 'Windows')),
    ['Windows', 'Linux'],
  )
})

// ---------------------------------------------------------------------------------------------------------------------
// Parameters

test('DOC-22 `parameters: {}` is an empty list, no parameters is none', () => {
  assert.deepEqual(read(command({ parameters: {} })).parameters, [])
  assert.equal(read(command()).parameters, undefined)
})

test('DOC-12a an undeclared reference is refused wherever it stands; other braces are not references', () => {
  const inputs = (runCommand: unknown) => command({ parameters: {}, mainSteps: [{ ...SHELL, inputs: { runCommand } }] })
  refuses(inputs('{{ missing }}'), 'Parameter "missing" is not declared.')
  refuses(inputs(['x', { deep: 'a {{missing}} b' }]), 'Parameter "missing" is not declared.')
  refuses(
    legacy({ 'aws:runShellScript': { properties: [{ runCommand: '{{missing}}' }] } }),
    'Parameter "missing" is not declared.',
  )
  read(inputs("docker ps --format '{{.Names}}' {{ ssm:name }} {{ ssm-secure:x }} {{ global:DATE }} {{ a.b }}"))
})

test('DOC-12a odd defaults that AWS takes', () => {
  const parameters = {
    none: { type: 'String', default: null },
    mismatch: { type: 'String', default: 'abc', allowedPattern: '^[0-9]+$' },
    stored: { type: 'StringList', default: '{{ ssm:myShellCommands }}' },
    number: { type: 'String', default: 3600 },
  }
  const steps = [{ ...SHELL, inputs: { runCommand: ['true'], timeoutSeconds: 'not-a-number' } }]
  const declared = read(command({ parameters, mainSteps: steps })).parameters
  assert.deepEqual(declared?.map(defaultText), [undefined, 'abc', '{{ ssm:myShellCommands }}', '3600'])
})

test('DOC-22 errors in a parameter definition carry the place of its closing brace', () => {
  const text = (definition: Json) => {
    const { mainSteps, ...head } = command()
    return JSON.stringify({ ...head, parameters: { bad: definition }, mainSteps }, null, 2)
  }
  refuses(text({ type: 'Number', default: 1 }), 'Parameter type: Number is invalid. at Line: 8, Column: 5')
  refuses(
    text({ type: 'StringList', default: 'echo hello' }),
    'Wrong default value for a "StringList" parameters, got "echo hello". at Line: 8, Column: 5',
  )
  refuses(text({ default: 1 }), 'Missing "type" in parameter definition. at Line: 7, Column: 5')
  refuses(
    text({ type: 'Boolean', default: 'true' }),
    'Wrong default value for a "Boolean" parameters, got "true". at Line: 8, Column: 5',
  )
  refuses(
    text({ type: 'Integer', default: 1.5 }),
    'Wrong default value for a "Integer" parameters, got 1.5. at Line: 8, Column: 5',
  )
  refuses(text({ type: 'String', minChars: -1 }), 'Invalid "minChars" in parameter definition. at Line: 8, Column: 5')
})

test('DOC-07 parameter names are alphanumeric', () => {
  refuses(command({ parameters: { a_b: { type: 'String' } } }), 'Parameter name "a_b" is not alpha-numeric.')
})

// ---------------------------------------------------------------------------------------------------------------------
// Other types

test('DOC-01 Automation documents: steps, links, outputs and resource types are checked', () => {
  const sleep = { name: 'wait', action: 'aws:sleep', inputs: { Duration: 'PT1S' } }
  const runbook = (more: Json = {}) => ({ schemaVersion: '0.3', mainSteps: [sleep], ...more })
  const good = runbook({
    assumeRole: '{{ Role }}',
    parameters: {
      Role: { type: 'AWS::IAM::Role::Arn', default: '' },
      Nodes: { type: 'List<AWS::EC2::Instance::Id>', default: [] },
    },
    mainSteps: [
      { ...sleep, nextStep: 'end' },
      { ...sleep, name: 'end', isEnd: true, onFailure: 'step:wait' },
    ],
    outputs: ['wait.Output'],
  })
  assert.deepEqual(read(good, 'Automation').platformTypes, ['Windows', 'Linux', 'MacOS'])
  assert.deepEqual(
    read(good, 'Automation').parameters?.map((one) => one.form),
    ['String', 'StringList'],
  )
  const refused: [Json, string][] = [
    [{ mainSteps: [{ ...sleep, action: 'aws:nope' }] }, 'Unknown action: aws:nope'],
    [{ mainSteps: [{ ...sleep, nextStep: 'gone' }] }, 'Unknown step name: "gone" in nextStep'],
    [
      { mainSteps: [{ ...sleep, isEnd: true, nextStep: 'wait' }] },
      '"isEnd == true" and nextStep should not exist in same step.',
    ],
    [{ mainSteps: [sleep, sleep] }, 'Duplicate step names found in mainSteps of the document.'],
    [{ outputs: ['gone.Output'] }, 'Unknown step name in named output: gone.Output'],
    [{ assumeRole: '{{ Role }}' }, 'Parameter "Role" is not declared.'],
    [{ mainSteps: undefined }, 'Missing "mainSteps" in the document.'],
    [{ steps: [] }, 'Unknown property "steps".'],
  ]
  for (const [more, message] of refused) refuses(runbook(more), message, 'Automation')
})

test('DOC-01 a change template says more than a runbook', () => {
  const more = { emergencyChange: false, autoApprovable: true, templateInformation: '# Why', executableRunBooks: [] }
  const steps = [{ name: 'ApproveAction1', action: 'aws:approve', inputs: {} }]
  const template = { schemaVersion: '0.3', mainSteps: steps, ...more }
  assert.equal(read(template, 'Automation.ChangeTemplate').schemaVersion, '0.3')
  refuses(template, 'Unknown property "emergencyChange".', 'Automation')
})

test('DOC-01 Session documents say their kind and what it needs', () => {
  const session = (more: Json) => ({ schemaVersion: '1.0', ...more })
  assert.deepEqual(
    read(session({ sessionType: 'Standard_Stream', inputs: { runAsEnabled: false } }), 'Session').steps,
    [],
  )
  refuses(session({}), 'Missing SessionType in the document.', 'Session')
  refuses(session({ sessionType: 'Other' }), 'Invalid sessionType', 'Session')
  refuses(session({ sessionType: 'Port' }), 'Missing Properties in session type Port document', 'Session')
  refuses(
    session({ sessionType: 'Standard_Stream', inputs: { runAsDefaultUser: '{{ user }}' } }),
    'Parameter "user" is not declared.',
    'Session',
  )
})

test('DOC-01 other types are checked as far as they are known', () => {
  const manifest = { schemaVersion: '2.0', version: '1', packages: { ubuntu: {}, windows: {} }, files: {} }
  assert.deepEqual(read(manifest, 'Package').platformTypes, ['Windows', 'Linux'])
  refuses({ schemaVersion: '2.0', packages: {} }, 'Missing "files" in the document.', 'Package')
  refuses(
    { type: 'nonsense' },
    'ApplicationConfigurationSchema must have field additionalProperties set to false',
    'ApplicationConfigurationSchema',
  )
  refuses(
    'a: 1',
    'Only JSON is supported for SSM Document config template type. Invalid format: YAML',
    'ApplicationConfigurationSchema',
    'YAML',
  )
  refuses('x', 'Document format not supported: TEXT', 'ApplicationConfiguration', 'TEXT')
  refuses(
    'Resources: {}',
    '[message: "object has missing required properties ([\\"schemaVersion\\",\\"templateBody\\"])" - parent node: /]',
    'CloudFormation',
    'YAML',
  )
  assert.equal(documentContent('ApplicationConfiguration', 'JSON', '[1]').schemaVersion, '')
})

test('DOC-02 calendars are TEXT and nothing else is', () => {
  documentContent('ChangeCalendar', 'TEXT', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n')
  refuses('{}', "Document format 'JSON' is not supported.", 'ChangeCalendar')
  refuses('hello', 'Invalid "VCALENDAR" in the document.', 'ChangeCalendar', 'TEXT')
  refuses('hello', 'Invalid document format: TEXT', 'Command', 'TEXT')
})

// ---------------------------------------------------------------------------------------------------------------------
// Formats

const YAML = `# a comment
schemaVersion: '2.2'
parameters:
  message:
    type: String
    allowedValues: [True, 1, x]
mainSteps:
- action: aws:runShellScript
  name: shell
  inputs:
    runCommand:
    - printf "%s\\n" "{{ message }}"
`

test('DOC-04 a schema version without quotes is a version all the same', () => {
  for (const version of ['2.0', '2.2']) {
    const text = YAML.replace("'2.2'", version)
    assert.equal(documentContent('Command', 'YAML', text).schemaVersion, version)
    assert.equal(JSON.parse(agentContent(text, 'YAML')).schemaVersion, version)
  }
})

test('DOC-02 YAML says what JSON says', () => {
  const content = documentContent('Command', 'YAML', YAML)
  assert.deepEqual(content.parameters?.[0]?.allowedValues, ['true', '1', 'x'])
  assert.deepEqual(
    content.steps.map((step) => step.name),
    ['shell'],
  )
  assert.equal(documentContent('Command', 'YAML', YAML.replace("'2.2'", '2.2')).schemaVersion, '2.2')
})

test('DOC-13 content in its own format is the text that was submitted', () => {
  assert.equal(convertContent(YAML, 'YAML', 'YAML'), YAML)
})

test('DOC-02 conversion goes both ways and keeps the order', () => {
  const json = convertContent(YAML, 'YAML', 'JSON')
  assert.match(json, /^\{\n {2}"schemaVersion" : "2\.2",\n {2}"parameters" : \{/)
  assert.equal(convertContent(convertContent(json, 'JSON', 'YAML'), 'YAML', 'JSON'), json)
})

test('agents get JSON whose schema version and allowed values are strings', () => {
  const content = JSON.parse(agentContent(YAML.replace("'2.2'", '2.2'), 'YAML'))
  assert.equal(content.schemaVersion, '2.2')
  assert.deepEqual(content.parameters.message.allowedValues, ['true', '1', 'x'])
})

test('a document is read or refused with an error of ours, whatever it says', () => {
  const types: DocumentType[] = [
    'Command',
    'Policy',
    'Automation',
    'Session',
    'Package',
    'CloudFormation',
    'QuickSetup',
  ]
  const word = fc.constantFrom(
    'schemaVersion',
    '2.2',
    '1.2',
    '0.3',
    '1.0',
    'mainSteps',
    'runtimeConfig',
    'parameters',
    'action',
    'name',
    'inputs',
    'aws:runShellScript',
    'properties',
    'precondition',
    'StringEquals',
    'platformType',
    'type',
    'String',
    'default',
    '{{ x }}',
    'x',
    'sessionType',
    'Port',
    'packages',
    'files',
    'isEnd',
    'nextStep',
    'outputs',
    '__proto__',
    'toString',
  )
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium' },
      word,
      fc.integer(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(word, tie('tree'), { maxKeys: 5 }),
    ),
  }))
  const documents = fc.record(
    { schemaVersion: word, parameters: tree, mainSteps: tree, runtimeConfig: tree, sessionType: word },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.oneof(documents, tree), fc.boolean(), (type, value, asYaml) => {
      const json = JSON.stringify(value)
      const [format, text] = asYaml
        ? (['YAML', convertContent(json, 'JSON', 'YAML')] as const)
        : (['JSON', json] as const)
      try {
        documentContent(type, format, text)
        agentContent(text, format)
      } catch (error) {
        assert.ok(error instanceof ApiError, String(error))
      }
    }),
    { numRuns: 1000 },
  )
})

test('DOC-12a NUL characters are refused in every format', () => {
  const nul = (format: string, place: string) => `${format} not well-formed. at ${place}`
  refuses(JSON.stringify(command()).replace('a test', '\0'), nul('JSON', 'Line: 1, Column: 38'), 'Command', 'JSON')
  refuses('schemaVersion: "2.2"\n# \0', nul('YAML', 'Line: 2, Column: 3'), 'Command', 'YAML')
  refuses('BEGIN:VCALENDAR\n\0', nul('TEXT', 'Line: 2, Column: 1'), 'ChangeCalendar', 'TEXT')
})
