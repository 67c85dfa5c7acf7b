import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { plainOutput } from './plain-output.ts'

const ESC = '\u001b'

test('colours, titles, links and moves of the cursor leave only the text', () => {
  const says = (output: string, text: string) => assert.equal(plainOutput(output), text)
  says(`${ESC}[1;31mred${ESC}[0m`, 'red')
  says(`${ESC}]0;a title\u0007text`, 'text')
  says(`${ESC}]8;;https://example.com${ESC}\\link${ESC}]8;;${ESC}\\`, 'link')
  says(`${ESC}Pq#0;2;0;0;0${ESC}\\after`, 'after')
  says(`${ESC}[2J${ESC}[H${ESC}(B${ESC}7here${ESC}8`, 'here')
  says('\u009b31mred', 'red')
  says('10 %\r50 %\rdone\r\nnext\r\n', 'done\nnext\n')
  says('tab\tstays\nbell\u0007 and backspace\b go', 'tab\tstays\nbell and backspace go')
})

test('a sequence that never ends hides nothing', () => {
  assert.equal(plainOutput(`before ${ESC}]0;rm -rf /\nstill here`), 'before 0;rm -rf /\nstill here')
  assert.equal(plainOutput(`${ESC}P${ESC}[31mstill here`), 'still here')
  assert.equal(plainOutput(`${ESC}[`), '')
})

test('marks that turn the direction of writing are seen', () => {
  assert.equal(plainOutput('user\u202egpj.exe'), 'user�gpj.exe')
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(ESC, '[', ']', 'P', '\\', '\u0007', '\u009b', '\u009c', '3', ';', 'm', '\r', '\n', '\u202e', 'é'),
    )
    .map((parts) => parts.join('')),
)

test('X-18 nothing that steers a terminal or turns writing is left, whatever a node writes', () => {
  fc.assert(
    fc.property(hostile, (output) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
      assert.doesNotMatch(plainOutput(output), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }),
    { numRuns: 2_000 },
  )
})

test('plain text stays as it is', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\p{L}\p{N} \n\t.,<&>"']*$/u), (text) => assert.equal(plainOutput(text), text)),
  )
})

test('a megabyte that is meant to be slow is not', () => {
  for (const part of [`${ESC}]`, `${ESC}[`, `${ESC}[1;`, `${ESC}P\n`, '\r', '\u009b0']) {
    const began = performance.now()
    plainOutput(part.repeat(2 ** 19))
    assert.ok(performance.now() - began < 2_000, JSON.stringify(part))
  }
})
