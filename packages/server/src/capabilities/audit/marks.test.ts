import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AuditRecord } from '#kernel/audit-record.ts'
import { type Attribute, hasAttribute, marksOf, marksToFind, mayHold, resourceName, textToFind } from './marks.ts'

const word = fc.stringMatching(/^[a-z]{1,3}$/)

const records = fc.array(
  fc.record({ eventName: word, eventSource: word, readOnly: fc.boolean(), user: word, key: word, name: word }),
  { minLength: 1, maxLength: 60 },
)

function recordOf(one: Record<'eventName' | 'eventSource' | 'user' | 'key' | 'name', string> & { readOnly: boolean }) {
  const { eventName, eventSource, readOnly, user: userName, key: accessKeyId, name } = one
  const resources = [{ ARN: `arn:aws:ssm:r:1:document/${name}`, type: 'AWS::SSM::Document' }]
  return {
    eventName,
    eventSource,
    readOnly,
    userIdentity: { type: 'IAMUser', userName, accessKeyId },
    resources,
  } as unknown as AuditRecord
}

test('X-19 a link is found by every attribute of every record in it, few values or many', () => {
  fc.assert(
    fc.property(records, (some) => {
      const made = some.map(recordOf)
      const { marks, filter } = marksOf(made)
      for (const [index, record] of made.entries()) {
        const { eventName, eventSource, readOnly, user, key, name } = some[index]!
        const values: [Attribute, string][] = [
          ['EventName', eventName],
          ['EventSource', eventSource],
          ['ReadOnly', String(readOnly)],
          ['Username', user],
          ['AccessKeyId', key],
          ['ResourceName', name],
          ['ResourceName', `arn:aws:ssm:r:1:document/${name}`],
          ['ResourceType', 'AWS::SSM::Document'],
        ]
        for (const [attribute, value] of values) {
          const { mark, among } = marksToFind(attribute, value)
          assert.ok(among.some((one) => marks.has(one)) && mayHold(filter, mark), attribute)
          assert.ok(hasAttribute(record, attribute, value), attribute)
          assert.ok(JSON.stringify(record).includes(textToFind(attribute, value)), attribute)
        }
      }
    }),
  )
})

test('X-19 a filter lets few links pass that do not hold what is looked for', () => {
  const made = Array.from({ length: 500 }, (_, index) =>
    recordOf({ eventName: 'e', eventSource: 's', readOnly: true, user: 'u', key: 'k', name: `held-${index}` }),
  )
  const { marks, filter } = marksOf(made)
  assert.ok(marks.size < 10)
  const passed = Array.from({ length: 2_000 }, (_, index) => marksToFind('ResourceName', `other-${index}`).mark)
  assert.ok(passed.filter((mark) => mayHold(filter, mark)).length < 40)
})

test('a resource has a name, a parameter with a path begins with a slash', () => {
  const names = ['parameter/a/b', 'parameter/a', 'document/D', 'managed-instance/mi-1', 'topic'].map((resource) =>
    resourceName({ ARN: `arn:aws:ssm:r:1:${resource}` }),
  )
  assert.deepEqual(names, ['/a/b', 'a', 'D', 'mi-1', 'topic'])
  assert.equal(resourceName({ ARN: '0f3c-an-id' }), '0f3c-an-id')
})
