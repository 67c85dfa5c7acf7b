import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparisonsOf, inOrder, readPolicy, textOf, withComparisons } from './policy-document.ts'

test('what the form does not know of a policy stays in it', () => {
  const text = textOf({ Version: '2012-10-17', Id: 'own', Statement: { Sid: 'A', Effect: 'Allow', Principal: '*' } })
  const document = readPolicy(text)!
  assert.deepEqual(document, {
    Version: '2012-10-17',
    Id: 'own',
    Statement: [{ Sid: 'A', Effect: 'Allow', Principal: '*' }],
  })
})

test('members of a statement stand where everybody expects them', () => {
  const statement = { Condition: {}, Own: 1, Resource: '*', Action: 'ssm:*', Effect: 'Allow', Sid: 'A' }
  assert.deepEqual(Object.keys(inOrder(statement)), ['Sid', 'Effect', 'Action', 'Resource', 'Condition', 'Own'])
})

test('a text that is no policy is left to the JSON editor', () => {
  for (const text of ['', '{', '[]x', '{"Statement": [1]}']) assert.equal(readPolicy(text), undefined)
})

test('comparisons are read row by row, and rows of the same key become one', () => {
  const Condition = { StringEquals: { 'aws:RequestTag/team': 'a' }, Bool: { 'aws:MultiFactorAuthPresent': ['true'] } }
  const rows = comparisonsOf({ Condition })
  assert.deepEqual(rows, [
    { operator: 'StringEquals', key: 'aws:RequestTag/team', values: ['a'] },
    { operator: 'Bool', key: 'aws:MultiFactorAuthPresent', values: ['true'] },
  ])
  const more = [...rows, { operator: 'StringEquals', key: 'aws:RequestTag/team', values: ['b'] }]
  assert.deepEqual(withComparisons({ Effect: 'Allow', Condition: {} }, more), {
    Effect: 'Allow',
    Condition: {
      StringEquals: { 'aws:RequestTag/team': ['a', 'b'] },
      Bool: { 'aws:MultiFactorAuthPresent': ['true'] },
    },
  })
  assert.deepEqual(withComparisons({ Effect: 'Deny', Condition }, []), { Effect: 'Deny' })
})
