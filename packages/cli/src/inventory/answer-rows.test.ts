import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageFault } from '#fault.ts'
import { columnsOf, fulfils, parseCondition, type Row, rowsOf } from './answer-rows.ts'

test('INV-19 every line of an answer is a row; what an agent cut off is noticed', () => {
  assert.deepEqual(rowsOf('{"a":1}\n\n{"a":null,"b":"x"}\n'), { rows: [{ a: 1 }, { a: null, b: 'x' }], whole: true })
  assert.deepEqual(rowsOf('{"a":1}\n{"a":--output truncated--'), { rows: [{ a: 1 }], whole: false })
  assert.deepEqual(rowsOf('3\n'), { rows: [], whole: false })
  assert.deepEqual(rowsOf(''), { rows: [], whole: true })
  assert.deepEqual(columnsOf([{ a: 1 }, { b: 2, a: 3 }]), ['a', 'b'])
})

test('INV-19 conditions compare numbers as numbers, and look for parts in any case', () => {
  const row: Row = { user: 'root', memory_kb: 900, command: '/usr/sbin/Nginx -g', pid: null }
  const cases: [string, boolean][] = [
    ['user=root', true],
    ['user=roo', false],
    ['user!=root', false],
    ['command~nginx', true],
    ['command~a=b', false],
    ['memory_kb>1000', false],
    ['memory_kb<1000', true],
    ['user>alice', true],
    ['pid=', true],
    ['pid>0', false],
    ['other=', true],
  ]
  for (const [text, expected] of cases) assert.equal(fulfils(row, [parseCondition(text)]), expected, text)
  assert.equal(fulfils(row, [parseCondition('user=root'), parseCondition('user=bob')]), false)
  assert.deepEqual(parseCondition('command=a=b'), { column: 'command', operator: '=', value: 'a=b' })
  for (const wrong of ['', 'user', '=x', 'a b=c']) assert.throws(() => parseCondition(wrong), UsageFault)
})
