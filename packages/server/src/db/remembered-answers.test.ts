import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RememberedAnswers } from './remembered-answers.ts'

function asked() {
  const answers = new RememberedAnswers()
  let times = 0
  const ask = (sql: string, parameters: unknown[], rows: object[] = [{ value: 1 }], tables = ['table']) => {
    const before = times
    const answer = answers.rows(sql, tables, parameters, () => {
      times++
      return rows
    })
    return { answer, wasAsked: times > before }
  }
  return Object.assign(ask, { answers })
}

test('the same question is asked once, and its rows are shared and frozen', () => {
  const ask = asked()
  const first = ask('select', ['a', 1, null])
  const second = ask('select', ['a', 1, null])
  assert.deepEqual([first.wasAsked, second.wasAsked], [true, false])
  assert.equal(second.answer, first.answer)
  assert.ok(Object.isFrozen(first.answer) && Object.isFrozen(first.answer[0]))
})

test('parameters that differ in value, in type or in where they end are other questions', () => {
  const ask = asked()
  const questions: unknown[][] = [['1'], [1], [null], [''], [], ['a', 'b'], ['ab', ''], ['a1:b'], ['n1;'], [1, 1], [11]]
  for (const question of questions) assert.ok(ask('select', question).wasAsked, JSON.stringify(question))
  for (const question of questions) assert.ok(!ask('select', question).wasAsked, JSON.stringify(question))
  assert.ok(ask('select other', ['1']).wasAsked)
})

test('what is large, or asked for with bytes, is asked for each time', () => {
  const ask = asked()
  const many = Array.from({ length: 200 }, (_, value) => ({ value }))
  const late = [{ data: null }, { data: new Uint8Array(1) }]
  for (const rows of [many, [{ text: 'x'.repeat(20_000) }], [{ data: new Uint8Array(1) }], late]) {
    ask('select', [rows.length], rows)
    assert.ok(ask('select', [rows.length], rows).wasAsked)
  }
  ask('select', [new Uint8Array(1)])
  assert.ok(ask('select', [new Uint8Array(1)]).wasAsked)
})

test('a table that is being changed is asked each time, and anew afterwards; others are not', () => {
  const ask = asked()
  const both = () => [
    ask('select', [1], [{ value: 1 }], ['changed', 'joined']).wasAsked,
    ask('other', [1], [{ value: 1 }], ['still']).wasAsked,
  ]
  both()
  assert.deepEqual(both(), [false, false])
  ask.answers.changing(['changed'])
  assert.deepEqual(both(), [true, false])
  assert.deepEqual(both(), [true, false])
  ask.answers.settled()
  assert.deepEqual(both(), [true, false])
  assert.deepEqual(both(), [false, false])
  ask.answers.forget()
  assert.deepEqual(both(), [true, true])
})
