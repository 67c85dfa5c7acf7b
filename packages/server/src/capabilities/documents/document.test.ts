import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  contentHash,
  documentArn,
  documentReference,
  newDocumentName,
  requireContentSize,
  requireHash,
  versionSelector,
} from './document.ts'

const SCOPE = { account: '123456789012', region: 'eu-west-1' }

test('DOC-03 a new name is 3 to 128 characters and does not begin like a predefined one', () => {
  for (const name of ['abc', 'My-Doc_1.2', 'x'.repeat(128), 'SSM-SessionManagerRunShell', 'my-aws'])
    newDocumentName(name)
  for (const name of ['ab', 'x'.repeat(129), 'a b', 'a/b', 'AWS-Mine', 'aws-mine', 'awsx', 'AmazonThing', 'amzn-x']) {
    assert.throws(() => newDocumentName(name), {
      code: 'ValidationException',
      message: `Invalid document name ${name}`,
    })
  }
})

test('DOC-15 a document of another account is meant by its ARN', () => {
  assert.deepEqual(documentReference('MyDoc'), { name: 'MyDoc' })
  assert.deepEqual(documentReference('arn:aws:ssm:eu-west-1:111122223333:document/MyDoc'), {
    name: 'MyDoc',
    account: '111122223333',
    region: 'eu-west-1',
  })
})

test('DOC-19a ARNs of predefined documents carry no account', () => {
  assert.equal(documentArn(SCOPE, 'MyDoc'), 'arn:aws:ssm:eu-west-1:123456789012:document/MyDoc')
  assert.equal(documentArn(SCOPE, 'AWS-RunShellScript'), 'arn:aws:ssm:eu-west-1::document/AWS-RunShellScript')
  assert.deepEqual(documentReference('arn:aws:ssm:eu-west-1::document/AWS-RunShellScript'), {
    name: 'AWS-RunShellScript',
    account: '',
    region: 'eu-west-1',
  })
})

test('DOC-10 a version is $DEFAULT, $LATEST or a number, and $DEFAULT when left out', () => {
  assert.deepEqual([undefined, '$DEFAULT', '$LATEST', '12'].map(versionSelector), [
    '$DEFAULT',
    '$DEFAULT',
    '$LATEST',
    12,
  ])
})

test('DOC-03 content is at most 64 KB, counted in bytes', () => {
  requireContentSize('x'.repeat(65_536))
  for (const content of ['x'.repeat(65_537), 'é'.repeat(32_769)]) {
    assert.throws(() => requireContentSize(content), { code: 'MaxDocumentSizeExceeded' })
  }
})

test('DOC-13 the hash is over the content exactly as submitted', () => {
  // Recorded from the live service.
  const content =
    '{"schemaVersion": "2.2", "description": "one", "mainSteps": [{"action": "aws:runShellScript", "name": "echo", "inputs": {"runCommand": ["echo calibration"]}}]}'
  assert.equal(contentHash(content), '4b51db4a6d6d7f47f7f097fa8d03c65876aee7362ce408f3d5a7b61fea450d33')
})

test('RC-02 a hash has to be that of the content, Sha256 unless Sha1 is said', () => {
  requireHash('{}', '44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A')
  requireHash('{}', 'bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f', 'Sha1')
  assert.throws(() => requireHash('{}', 'bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f'), { code: 'InvalidDocument' })
  assert.throws(() => requireHash('{} ', contentHash('{}')), { code: 'InvalidDocument' })
})
