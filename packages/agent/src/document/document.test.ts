import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DocumentError } from '#document/document-error.ts'
import { fillIn } from '#document/parameter-references.ts'
import { fetchStored, fillInStored, storeReferences } from '#document/parameter-store.ts'
import { evaluatePreconditions } from '#document/precondition.ts'
import { prepareDocument } from '#document/prepare-document.ts'

const noStore = async () => ({})

test('a string that is only a reference becomes the value with its type', () => {
  const values = { list: ['x', 'y z'], map: { a: 1 }, flag: true }
  assert.deepEqual(fillIn({ a: '{{ list }}', b: ['{{map}}'], c: '{{flag}}' }, values), {
    a: ['x', 'y z'],
    b: [{ a: 1 }],
    c: true,
  })
})

test('inside text a value is put in as text, lists and maps as JSON, and $$ becomes $', () => {
  const values = { list: ['x', 'y z'], n: 3, cost: '$$5', ref: '{{ n }}' }
  assert.equal(fillIn('lst={{list}} n={{ n }}', values), 'lst=["x","y z"] n=3')
  assert.equal(fillIn('it is {{ cost }}', values), 'it is $5')
  assert.equal(fillIn('once: {{ ref }}', values), 'once: {{ n }}')
})

test('names that are no parameters stay as they are', () => {
  for (const text of ['{{ zz }}', 'a {{ step.output }} b', '{{global:x}}', '{{ toString }}'])
    assert.equal(fillIn(text, {}), text)
})

test('what has no references is left alone, whatever it is', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      if (!json.includes('{{')) assert.deepEqual(fillIn(JSON.parse(json), { a: 1 }), JSON.parse(json))
    }),
  )
})

test('parameters of Parameter Store are fetched ten at a time, each once', async () => {
  const asked: string[][] = []
  const references = Array.from({ length: 12 }, (_, n) => `{{ssm:/p/${n}}}`)
  const stored = await fetchStored([...references, '{{ ssm:/p/0 }}'], async (names) => {
    asked.push(names)
    return { found: names.map((name) => ({ name, type: 'String', value: `v${name}`, version: 1 })), invalid: [] }
  })
  assert.deepEqual(
    asked.map(({ length }) => length),
    [10, 2],
  )
  assert.equal(fillInStored('a {{ ssm:/p/0 }} b', stored), 'a v/p/0 b')
})

test('a reference may name a version, and a StringList makes several elements of a list', async () => {
  const input = { lines: ['echo', '{{ssm:list}}'], text: '{{ssm:name:3}}' }
  const stored = await fetchStored(storeReferences(input), async () => ({
    found: [
      { name: 'list', type: 'StringList', value: 'a,b', version: 1 },
      { name: 'name', type: 'String', value: 'old', version: 3 },
    ],
    invalid: [],
  }))
  assert.deepEqual(fillInStored(input, stored), { lines: ['echo', 'a', 'b'], text: 'old' })
  assert.throws(() => fillInStored('x {{ssm:list}}', stored), DocumentError)
})

test('secrets and missing parameters fail the document in the words of the other agent', async () => {
  const secret = async () => ({ found: [{ name: '/sec', type: 'SecureString', value: 'x', version: 1 }], invalid: [] })
  await assert.rejects(fetchStored(['{{ssm:/sec}}'], secret), {
    message: 'Parameters [/sec] of type SecureString are not supported',
  })
  const missing = async () => ({ found: [], invalid: ['/nope'] })
  await assert.rejects(fetchStored(['{{ssm:/nope}}'], missing), {
    message: 'Input contains invalid parameters [/nope]',
  })
})

test('defaults hold where nothing was sent, and allowedPattern is checked on what came from the store', async () => {
  const document = {
    schemaVersion: '2.2',
    parameters: { word: { type: 'String', default: '{{ssm:w}}', allowedPattern: '^[a-z]+$' } },
    mainSteps: [{ action: 'aws:runShellScript', name: 'a', inputs: { runCommand: ['echo {{word}}'] } }],
  }
  const store = (value: string) => async (references: string[]) =>
    Object.fromEntries(references.map((reference) => [reference, { name: 'w', type: 'String', value, version: 1 }]))
  const prepared = await prepareDocument(document, {}, store('fine'))
  assert.deepEqual(prepared.steps[0]!.inputs, { runCommand: ['echo fine'] })
  await assert.rejects(prepareDocument(document, {}, store('NOT')), DocumentError)
})

test('interpolationType ENV_VAR passes a parameter in the environment', async () => {
  const document = {
    schemaVersion: '2.2',
    parameters: { word: { type: 'String', interpolationType: 'ENV_VAR' }, other: { type: 'String' } },
    mainSteps: [{ action: 'aws:runShellScript', name: 'a', inputs: {} }],
  }
  assert.deepEqual((await prepareDocument(document, { word: 'x', other: 'y' }, noStore)).environment, { SSM_word: 'x' })
})

test('what comes by the environment is not put into a script, only into what is no code', async () => {
  const document = {
    schemaVersion: '2.2',
    parameters: { word: { type: 'String', interpolationType: 'ENV_VAR' }, other: { type: 'String' } },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'a',
        inputs: { workingDirectory: '/{{word}}', runCommand: ['export SSM_word="{{ word }}"; echo {{other}}'] },
      },
    ],
  }
  const { steps, environment } = await prepareDocument(document, { word: '$(id)', other: 'y' }, noStore)
  assert.deepEqual(steps[0]!.inputs, {
    workingDirectory: '/$(id)',
    runCommand: ['export SSM_word="{{ word }}"; echo y'],
  })
  assert.deepEqual(environment, { SSM_word: '$(id)' })
})

test('allowedPattern is read as Java reads it; one that cannot be checked lets nothing through', async () => {
  const asked = (allowedPattern: string) => ({
    schemaVersion: '2.2',
    parameters: { word: { type: 'String', allowedPattern } },
    mainSteps: [{ action: 'aws:runShellScript', name: 'a', inputs: { runCommand: ['true'] } }],
  })
  for (const pattern of ['(?i)^abc$', '\\p{Alpha}+', '\\QABC\\E'])
    await prepareDocument(asked(pattern), { word: 'ABC' }, noStore)
  await assert.rejects(prepareDocument(asked('A++BC'), { word: 'ABC' }, noStore), /none that can be checked here/)
  await assert.rejects(prepareDocument(asked('[a-z]+'), { word: 'ABC' }, noStore), /does not match/)
})

for (const [what, content] of [
  ['an Automation document', { schemaVersion: '0.3', mainSteps: [{}] }],
  ['a document without steps', { schemaVersion: '2.2', mainSteps: [] }],
  ['a 1.2 document without plugins', { schemaVersion: '1.2', runtimeConfig: {} }],
  ['a step without a name', { schemaVersion: '2.2', mainSteps: [{ action: 'aws:runShellScript' }] }],
  ['a document without a schema version', {}],
] as const) {
  test(`${what} is refused`, async () => {
    await assert.rejects(prepareDocument(content, {}, noStore), DocumentError)
  })
}

test('any JSON object is a document or a DocumentError', async () => {
  const content = fc.record(
    {
      schemaVersion: fc.constantFrom('1.2', '2.0', '2.2', 3),
      parameters: fc.jsonValue(),
      mainSteps: fc.jsonValue(),
      runtimeConfig: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(content, async (value) => {
      await prepareDocument(value, {}, noStore).catch((error: unknown) => assert.ok(error instanceof DocumentError))
    }),
  )
})

const onLinux = (args: unknown, values = {}) => evaluatePreconditions({ StringEquals: args }, values, 'Linux')

test('a precondition on the platform holds in any case and order', () => {
  assert.deepEqual(onLinux(['platformType', 'linux']), { satisfied: true, complaints: [] })
  assert.deepEqual(onLinux(['Linux', 'platformType']), { satisfied: true, complaints: [] })
  assert.deepEqual(onLinux(['platformType', 'Windows']), {
    satisfied: false,
    complaints: ['"StringEquals": [platformType, Windows]'],
  })
})

test('a precondition may compare a parameter', () => {
  assert.equal(onLinux(['{{ mode }}', 'fast'], { mode: 'fast' }).satisfied, true)
  assert.equal(onLinux(['{{ mode }}', 'fast'], { mode: 'slow' }).satisfied, false)
})

for (const [args, complaint] of [
  [['a'], '"StringEquals": operator accepts exactly 2 arguments'],
  [['a', 'a'], `"StringEquals": operator's arguments can't be identical`],
  [['a', 'b'], `"StringEquals": at least one of operator's arguments must contain a valid document parameter`],
  [['{{ssm:a}}', 'b'], `"StringEquals": operator's arguments can't contain SSM parameters`],
] as const) {
  test(`the precondition ${JSON.stringify(args)} is complained about`, () => {
    assert.deepEqual(onLinux(args), { satisfied: true, complaints: [complaint] })
  })
}
