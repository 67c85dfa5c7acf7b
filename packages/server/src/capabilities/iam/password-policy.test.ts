import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PasswordPolicy } from '@steward/model/generated/iam.ts'
import { checkNewPassword, passwordExpiry, toPasswordPolicy } from './password-policy.ts'

const refusal = (password: string, policy?: PasswordPolicy) => {
  try {
    checkNewPassword(password, policy)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

test('each rule of a policy is kept to, and what it does not ask for is not asked', () => {
  assert.equal(refusal('aaaaaa', toPasswordPolicy({})), undefined)
  assert.equal(refusal('aaaaa', toPasswordPolicy({})), 'Password should have a minimum length of 6')
  const rules: [PasswordPolicy, string, string, string][] = [
    [{ RequireSymbols: true }, 'Abcdef12', 'Abcdef1!', 'symbol'],
    [{ RequireNumbers: true }, 'Abcdefg!', 'Abcdef1!', 'number'],
    [{ RequireUppercaseCharacters: true }, 'abcdef1!', 'Abcdef1!', 'uppercase letter'],
    [{ RequireLowercaseCharacters: true }, 'ABCDEF1!', 'Abcdef1!', 'lowercase letter'],
  ]
  for (const [input, bad, good, called] of rules) {
    assert.equal(refusal(bad, toPasswordPolicy(input)), `Password should have at least one ${called}`)
    assert.equal(refusal(good, toPasswordPolicy(input)), undefined)
  }
})

test('without a policy a password has eight characters of three kinds', () => {
  assert.equal(refusal('abcDEF12'), undefined)
  assert.equal(refusal('abcdef1!'), undefined)
  assert.match(refusal('abcdef12')!, /at least three/)
  assert.match(refusal('aB1!')!, /minimum length of 8/)
})

test('passwords expire only where a policy says when', () => {
  const changed = new Date('2026-01-01T00:00:00Z')
  assert.equal(passwordExpiry(changed, undefined), undefined)
  assert.equal(passwordExpiry(changed, toPasswordPolicy({})), undefined)
  const ten = toPasswordPolicy({ MaxPasswordAge: 10 })
  assert.deepEqual([passwordExpiry(changed, ten), ten.ExpirePasswords], [new Date('2026-01-11T00:00:00Z'), true])
})
