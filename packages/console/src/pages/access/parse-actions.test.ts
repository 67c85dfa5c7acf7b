import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { covers, parseActions } from './parse-actions.ts'

const { actions, resourcesOf, keysOf } = parseActions(
  readFileSync(new URL('../../../../../docs/authorization.txt', import.meta.url), 'utf8'),
)
const where = { account: '000000000000', region: 'eu-test-1' }

test('the editor knows the actions of every service, and what they are about', () => {
  assert.ok(actions.length > 200)
  for (const action of actions) assert.match(action, /^[a-z0-9-]+:\w+$/i)
  const documents = 'arn:aws:ssm:eu-test-1:000000000000:document/*'
  assert.ok(
    resourcesOf(['ssm:DeleteDocument'], where).includes(documents),
    resourcesOf(['ssm:DeleteDocument'], where).join(),
  )
  assert.ok(resourcesOf(['ssm:*'], where).length > 5)
})

test('condition keys of the chosen actions come before those of every request', () => {
  const keys = keysOf(['ssm:PutParameter'])
  assert.ok(keys.indexOf('ssm:Overwrite') >= 0)
  assert.ok(keys.indexOf('ssm:Overwrite') < keys.indexOf('aws:SourceIp'))
})

test('patterns mean actions whatever the case', () => {
  assert.ok(covers('SSM:get*', 'ssm:GetParameter'))
  assert.ok(covers('*', 'iam:GetUser'))
  assert.ok(!covers('ssm:Get?', 'ssm:GetParameter'))
})
