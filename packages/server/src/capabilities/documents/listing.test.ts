import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DocumentName } from './document.ts'
import { isListed, listFilters } from './listing.ts'
import { predefinedDocuments } from './predefined/document-form.ts'
import type { Visible } from './store.ts'

const SCOPE = { account: '111111111111', region: 'us-east-1' }
const [found] = predefinedDocuments('us-east-1')

function listed(name: string, account: string, sharedWith?: string): Visible {
  const document = { ...found!.document, scope: { ...SCOPE, account }, name: name as DocumentName }
  return { document, version: found!.version, sharedWith }
}

const DOCUMENTS = [
  listed('AWS-Noop', 'Amazon'),
  listed('own', SCOPE.account),
  listed('own-public', SCOPE.account, 'All'),
  listed('own-shared-with-itself', SCOPE.account, SCOPE.account),
  listed('shared', '222222222222', SCOPE.account),
  listed('strangers', '222222222222', 'All'),
]

const owned = (...values: string[]) =>
  DOCUMENTS.filter((one) => isListed(SCOPE, one, values.length > 0 ? [{ key: 'Owner', values }] : [], [])).map(
    ({ document }) => document.name,
  )

test('DOC-16 Owner tells own, predefined, privately shared and public documents apart', () => {
  assert.deepEqual(owned('Self'), ['own', 'own-public', 'own-shared-with-itself'])
  assert.deepEqual(owned('Amazon'), ['AWS-Noop'])
  assert.deepEqual(owned('Private'), ['shared'])
  assert.deepEqual(owned('Public'), ['own-public', 'strangers'])
  assert.deepEqual(owned('ThirdParty'), [])
  assert.deepEqual(owned('Self', 'Amazon'), ['AWS-Noop', 'own', 'own-public', 'own-shared-with-itself'])
})

test('DOC-16 without an owner, public documents of strangers are not in the list', () => {
  assert.deepEqual(owned(), ['AWS-Noop', 'own', 'own-public', 'own-shared-with-itself', 'shared'])
})

test('DOC-16 both forms of filters are read, but not both at once, and unknown keys are refused', () => {
  assert.deepEqual(listFilters({ DocumentFilterList: [{ key: 'Name', value: 'My' }] }), [
    { key: 'Name', values: ['My'] },
  ])
  assert.deepEqual(listFilters({ Filters: [{ Key: 'tag:a', Values: ['1', '2'] }] }), [
    { key: 'tag:a', values: ['1', '2'] },
  ])
  for (const Key of ['Nonsense', 'tag:', 'toString', '']) {
    assert.throws(() => listFilters({ Filters: [{ Key, Values: ['x'] }] }), { code: 'InvalidFilterKey' })
  }
  assert.throws(
    () => listFilters({ DocumentFilterList: [{ key: 'Name', value: 'a' }], Filters: [{ Key: 'Name', Values: ['a'] }] }),
    { code: 'ValidationException' },
  )
})

test('DOC-16 filters of one key are alternatives, those of different keys are all to be satisfied', () => {
  const names = (...filters: [key: string, value: string][]) => {
    const asked = filters.map(([key, value]) => ({ key, values: [value] }))
    return DOCUMENTS.filter((one) => isListed(SCOPE, one, asked, [])).map(({ document }) => document.name)
  }
  assert.deepEqual(names(['Name', 'AWS-'], ['Name', 'shared']), ['AWS-Noop', 'shared'])
  assert.deepEqual(names(['Name', 'AWS-'], ['Name', 'own'], ['Owner', 'Self']), [
    'own',
    'own-public',
    'own-shared-with-itself',
  ])
})
