import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimedAttributes } from './claimed-attributes.ts'

const TAGS = 'https://aws.amazon.com/tags'
const SOURCE = 'https://aws.amazon.com/source_identity'

test('X-14 a token states tags of its session in one claim, or in one for each', () => {
  const expected = { tags: { tags: { team: 'blue', Cost: '1' }, transitiveTagKeys: ['team'] }, sourceIdentity: 'ann' }
  const nested = { principal_tags: { team: ['blue'], Cost: '1' }, transitive_tag_keys: ['team'] }
  assert.deepEqual(claimedAttributes({ [TAGS]: nested, [SOURCE]: 'ann' }), expected)
  const flat = {
    [`${TAGS}/principal_tags/team`]: 'blue',
    [`${TAGS}/principal_tags/Cost`]: ['1'],
    [`${TAGS}/transitive_tag_keys`]: ['team'],
  }
  assert.deepEqual(claimedAttributes({ ...flat, [SOURCE]: 'ann' }), expected)
  assert.deepEqual(claimedAttributes({ sub: 'x', team: 'blue' }), { tags: {}, sourceIdentity: undefined })
})

test('X-14 a token whose claims are not what sessions may have is refused', () => {
  const invalid = { code: 'InvalidIdentityToken' }
  const long = (characters: number) => 'x'.repeat(characters)
  for (const claimed of [
    'team=blue',
    ['team'],
    null,
    { principal_tags: ['team'] },
    { principal_tags: { team: 7 } },
    { principal_tags: { team: [] } },
    { principal_tags: { team: ['blue', 'red'] } },
    { principal_tags: { team: { blue: true } } },
    { principal_tags: { 'te*am': 'blue' } },
    { principal_tags: { [long(129)]: 'blue' } },
    { principal_tags: { team: long(257) } },
    { principal_tags: { team: 'blue\n' } },
    { principal_tags: { team: 'blue' }, transitive_tag_keys: { team: true } },
  ]) {
    assert.throws(() => claimedAttributes({ [TAGS]: claimed }), invalid, JSON.stringify(claimed))
  }
  assert.throws(() => claimedAttributes({ [`${TAGS}/principal_tags/`]: 'blue' }), invalid)
  for (const identity of ['a', long(65), 'ann smith', 'ann\n', 7, ['ann']])
    assert.throws(() => claimedAttributes({ [SOURCE]: identity }), invalid, String(identity))

  const rule = { code: 'InvalidParameterValue' }
  const twice = { [TAGS]: { principal_tags: { team: 'blue' } }, [`${TAGS}/principal_tags/Team`]: 'red' }
  assert.throws(() => claimedAttributes(twice), rule)
  assert.throws(() => claimedAttributes({ [TAGS]: { principal_tags: { 'aws:team': 'blue' } } }), rule)
  assert.throws(() => claimedAttributes({ [TAGS]: { transitive_tag_keys: ['team'] } }), rule)
})
