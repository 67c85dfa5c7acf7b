import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { AWS_MANAGED } from './aws-managed/index.ts'
import { providerUrl } from './oidc-provider.ts'
import { encodedDocument, MANAGED_POLICY_SIZE, policySize, versionId, versionNumber } from './policy.ts'

test('documents are percent-encoded as RFC 3986 has it, and come back as they were', () => {
  assert.equal(encodedDocument(`{"a":"x y*(!')~-_."}`), '%7B%22a%22%3A%22x%20y%2A%28%21%27%29~-_.%22%7D')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const encoded = encodedDocument(text)
      assert.match(encoded, /^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/)
      assert.equal(decodeURIComponent(encoded), text)
    }),
  )
})

test('version ids are a v and a number that grows from 1', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 999_999_999 }), (n) => versionNumber(versionId(n)) === n))
  for (const id of ['v0', 'v', '1', 'v01', 'V1', 'v1.2', ' v1']) assert.equal(versionNumber(id), undefined, id)
})

test('X-17 every managed policy of AWS parses, fits, and has an id of its own', () => {
  const policies = [...AWS_MANAGED.values()]
  for (const { name, version } of policies) {
    assert.ok(parsePolicy(version.document).statements.length > 0, name)
    assert.ok(policySize(version.document) <= MANAGED_POLICY_SIZE, name)
  }
  assert.equal(new Set(policies.map(({ id }) => id)).size, policies.length)
  assert.equal(new Set(policies.map(({ name }) => name)).size, policies.length)
})

test('an issuer is known by its URL without scheme and closing slash, and needs TLS unless it is on this machine', () => {
  assert.equal(providerUrl('https://id.example.com/realms/x/'), 'id.example.com/realms/x')
  assert.equal(providerUrl('https://id.example.com:8443'), 'id.example.com:8443')
  assert.equal(providerUrl('http://127.0.0.1:9000/a'), '127.0.0.1:9000/a')
  for (const url of ['http://id.example.com', 'https://x/?a=b', 'https://x/#a', 'https://u@x', 'https://', 'x', '']) {
    assert.equal(providerUrl(url), undefined, url)
  }
})
