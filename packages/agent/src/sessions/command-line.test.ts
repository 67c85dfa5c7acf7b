import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { quoted, splitCommandLine } from '#sessions/command-line.ts'

test('SM-16 a command line is split by the quoting rules of sh', () => {
  const cases: [line: string, words: string[]][] = [
    ['', []],
    ['  ls   -l\t/tmp\n', ['ls', '-l', '/tmp']],
    [`sh -c 'echo "a b"; exit 4'`, ['sh', '-c', 'echo "a b"; exit 4']],
    ['a"b c"\'d e\'f', ['ab cd ef']],
    ['"a\\"b\\\\c\\n"', ['a"b\\c\\n']],
    ["a\\ b '' \\'", ['a b', '', "'"]],
    ['a # the rest\nb#c', ['a', 'b#c']],
    ['echo $HOME *', ['echo', '$HOME', '*']],
  ]
  for (const [line, words] of cases) assert.deepEqual(splitCommandLine(line), words, line)
})

test('SM-16 a quote that is not closed is an error', () => {
  for (const line of ["'a", '"a', 'a\\']) assert.throws(() => splitCommandLine(line), Error, line)
})

test('SM-16 quoted words come back as they were, here and in sh', () => {
  const word = fc.string({ unit: 'grapheme' }).filter((text) => !/[\0\r]/.test(text))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
      assert.deepEqual(splitCommandLine(words.map(quoted).join(' ')), words)
    }),
  )
  const odd = ["it's", '', '$HOME `id` \\ "x"', 'a\nb']
  const shown = execFileSync('sh', ['-c', `printf '%s|' ${odd.map(quoted).join(' ')}`], { encoding: 'utf8' })
  assert.equal(shown, odd.map((one) => `${one}|`).join(''))
})
