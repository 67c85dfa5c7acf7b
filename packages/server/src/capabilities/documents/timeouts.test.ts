import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentContent } from './content.ts'
import { executionTimeoutSeconds, withTimeoutsUpTo } from './timeouts.ts'

const PARAMETERS = { t: { type: 'String', default: '17' } }

function modern(...timeouts: unknown[]) {
  const mainSteps = timeouts.map((timeoutSeconds, index) => ({
    action: 'aws:runShellScript',
    name: `step${index}`,
    inputs: { runCommand: ['true'], timeoutSeconds },
  }))
  return documentContent('Command', 'JSON', JSON.stringify({ schemaVersion: '2.2', parameters: PARAMETERS, mainSteps }))
    .steps
}

function legacy(properties: unknown) {
  const runtimeConfig = { 'aws:runShellScript': { properties } }
  return documentContent(
    'Command',
    'JSON',
    JSON.stringify({ schemaVersion: '1.2', parameters: PARAMETERS, runtimeConfig }),
  ).steps
}

const SHARES: [what: string, steps: ReturnType<typeof modern>, supplied: Record<string, string[]>, seconds: number][] =
  [
    ['one step of 5', modern('5'), {}, 5],
    ['steps of 5 and 7', modern('5', 7), {}, 12],
    ['omitted', modern(undefined), {}, 3600],
    ['a parameter that was not supplied, whatever its default', modern('{{ t }}'), {}, 3600],
    ['a supplied parameter', modern('{{ t }}', '{{t}}'), { t: ['31'] }, 62],
    ['zero', modern('{{ t }}'), { t: ['0'] }, 3600],
    ['less than five seconds, which agents do not take', modern('{{ t }}', '1', 4), { t: ['4'] }, 10_800],
    ['no number', modern('not-a-number', '5s', '1.5'), {}, 10_800],
    ['over 48 hours', modern('172800', '172801'), {}, 176_400],
    ['a step without inputs', modern(undefined, '5'), {}, 3605],
    ['1.2: the first property only', legacy([{ timeoutSeconds: '5' }, { timeoutSeconds: '70' }]), {}, 5],
    [
      '1.2: the first property only, the other way round',
      legacy([{ timeoutSeconds: '70' }, { timeoutSeconds: '5' }]),
      {},
      70,
    ],
    ['1.2: an object for properties', legacy({ timeoutSeconds: 19 }), {}, 19],
    ['1.2: no properties', legacy([]), {}, 3600],
    ['1.2: a supplied parameter', legacy([{ timeoutSeconds: '{{ t }}' }]), { t: ['31'] }, 31],
  ]

for (const [what, steps, supplied, seconds] of SHARES) {
  test(`RC-03a the document's share of the total time: ${what}`, () => {
    assert.equal(executionTimeoutSeconds(steps, supplied), seconds)
  })
}

test('STM-07 time-outs that are parameters are shortened, and nothing else', () => {
  const content = (timeoutSeconds: unknown) => ({
    parameters: documentContent('Command', 'JSON', withDefault).parameters,
    steps: modern(timeoutSeconds, 'sleep'),
  })
  const parameters = { t: { type: 'String', default: '170' } }
  const step = { action: 'aws:runShellScript', name: 'a', inputs: { runCommand: ['true'], timeoutSeconds: '{{ t }}' } }
  const withDefault = JSON.stringify({ schemaVersion: '2.2', parameters, mainSteps: [step] })
  assert.deepEqual(withTimeoutsUpTo(60, content('{{ t }}'), { x: ['1'], t: ['90'] }), { x: ['1'], t: ['60'] })
  assert.deepEqual(withTimeoutsUpTo(60, content('{{ t }}'), {}), { t: ['60'] }, 'its default is longer')
  assert.deepEqual(withTimeoutsUpTo(60, content('{{ t }}'), { t: ['30'] }), { t: ['30'] })
  assert.deepEqual(withTimeoutsUpTo(60, content('{{ t }}'), { t: ['never'] }), { t: ['never'] })
  assert.deepEqual(withTimeoutsUpTo(60, content('90'), {}), {}, 'a literal stays')
  assert.deepEqual(withTimeoutsUpTo(2, content('{{ t }}'), { t: ['30'] }), { t: ['5'] }, 'agents take no less')
})
