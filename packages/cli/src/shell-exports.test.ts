import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { quoteForSh } from '@steward/session-client/node-script.ts'
import { shellExports } from './shell-exports.ts'

const NASTY = [
  '',
  'plain',
  'a b',
  "it's",
  '"$(reboot)"',
  '`x`',
  '$HOME',
  '\\',
  'a\nb',
  '*',
  '~',
  '!x',
  "''",
  'ä€𝄞',
  '#',
  '=',
  ' ',
]

test('every value comes out of a shell as it went in', () => {
  for (const value of NASTY) {
    const { stdout } = spawnSync('sh', ['-c', `printf %s ${quoteForSh(value)}`], { encoding: 'utf8' })
    assert.equal(stdout, value)
  }
})

test('the lines for sh set what has a value and unset what is null, also under set -eu', () => {
  const variables = Object.fromEntries(NASTY.map((value, index) => [`V${index}`, value]))
  const script = `set -eu; ${shellExports({ ...variables, GONE: null, NEVER: null }, 'sh')} env -0`
  const { stdout } = spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, GONE: 'there' },
  })
  const seen = Object.fromEntries(stdout.split('\0').map((entry) => entry.split(/=(.*)/s).slice(0, 2)))
  for (const [name, value] of Object.entries(variables)) assert.equal(seen[name], value)
  assert.ok(!('GONE' in seen))
})

test('the lines for fish quote backslash and apostrophe, which are all that its single quotes know', () => {
  assert.equal(shellExports({ A: "it's \\ $x", B: null }, 'fish'), "set -gx A 'it\\'s \\\\ $x'\nset -e B\n")
})

test('JSON has null for what is to be unset', () => {
  assert.deepEqual(JSON.parse(shellExports({ A: 'x', B: null }, 'json')), { A: 'x', B: null })
})
