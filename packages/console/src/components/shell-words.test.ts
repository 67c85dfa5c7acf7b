import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { shellWords } from './shell-words.ts'

test('CON-08 a shell reads the very words', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    fc.stringMatching(/^[$`'"\\!*?~#&|;<>(){}[\] \n=a-]{1,8}$/),
  )
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 200 }), (words) => {
      const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${shellWords(...words)}`], { encoding: 'utf8' })
      assert.deepEqual(stdout.split('\0').slice(0, -1), words)
    }),
    { numRuns: 20 },
  )
})

test('plain words stay plain, and what is not given is left out', () => {
  const words = shellWords(
    'aws',
    'ssm',
    'get-parameter',
    '--name',
    '/app/colour',
    undefined,
    false,
    '--max-items',
    5,
    '',
  )
  assert.equal(words, "aws ssm get-parameter --name /app/colour --max-items 5 ''")
})
