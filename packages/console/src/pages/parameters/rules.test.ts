import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLabel } from '@steward/server/capabilities/parameters/labels.ts'
import { nameToWrite } from '@steward/server/capabilities/parameters/name.ts'
import { parsePolicies } from '@steward/server/capabilities/parameters/policies.ts'
import { checkPattern, checkValue } from '@steward/server/capabilities/parameters/value.ts'
import fc from 'fast-check'
import { copyCommand, copyOf } from './copy-command.ts'
import { newParameter, putCommand, toCreate, toOverwrite } from './parameter-draft.ts'
import { toCommand, toInput } from './parameter-search.ts'
import { draftsOf, newDraft, POLICY_TYPES, textOfDrafts } from './policies.ts'
import { labelFault, matchesPattern, nameFault, patternFault, valueFault } from './rules.ts'

const scope = { account: '000000000000', region: 'us-east-1' }

function passes(check: () => unknown): boolean {
  try {
    check()
    return true
  } catch {
    return false
  }
}

const names = fc.stringMatching(/^\/?(?:[a-zA-Z0-9_.-]{1,4}|aws|ssm|\/| |é){1,18}$/)

test('PS-02 PS-04 PS-07 what the form says of names, values and labels is what the server says', () => {
  fc.assert(
    fc.property(names, fc.string(), (name, value) => {
      assert.equal(nameFault(name) === undefined, name === name.trim() && passes(() => nameToWrite(scope, name)))
      assert.equal(labelFault(name) === undefined, isLabel(name) && name.length <= 100)
      assert.equal(
        valueFault(value, 'Advanced') === undefined,
        passes(() => checkValue(value)),
      )
    }),
    { numRuns: 1_000 },
  )
  assert.ok(valueFault('{{ssm:a}}', 'Advanced'))
  assert.ok(valueFault('é'.repeat(2_049), 'Standard'))
  assert.equal(valueFault('é'.repeat(2_048), 'Standard'), undefined)
})

test('PS-04 a pattern is tried as the server will; one that could run for ever is left to it', () => {
  for (const [pattern, value] of [
    ['[a-z]+', 'abc'],
    ['[a-z]+', 'abc1'],
    ['(?i)abc', 'ABC'],
    ['\\d{3}', '1234'],
  ] as const) {
    const known = matchesPattern(pattern, value)
    if (known !== undefined)
      assert.equal(
        known,
        passes(() => checkPattern(pattern, value)),
        pattern,
      )
  }
  assert.equal(matchesPattern('[a-z]+', 'abc'), true)
  assert.equal(matchesPattern('(a+)+b', 'a'.repeat(40)), undefined)
  assert.ok(patternFault('['))
})

test('PS-13 what the form makes of policies is what the server takes, and what the form shows again', () => {
  const drafts = POLICY_TYPES.map(newDraft)
  const text = textOfDrafts(drafts)
  assert.deepEqual(
    parsePolicies(text, new Date()).map(({ type }) => type),
    POLICY_TYPES,
  )
  assert.equal(textOfDrafts(draftsOf(text)!), text)
  assert.equal(draftsOf('[{"Type":"Other"}]'), undefined)
  assert.equal(draftsOf('not JSON'), undefined)
})

test('PS-01b an edit sends what was changed, and its command has no secret in it', () => {
  const before = { ...newParameter('/'), name: '/a', type: 'SecureString' as const, value: 'old', pattern: 'x' }
  const input = toOverwrite({ ...before, value: 'new secret', pattern: '' }, before)
  assert.equal(input.Overwrite, true)
  assert.equal(input.AllowedPattern, '')
  assert.ok(!('Description' in input) && !('Policies' in input) && !('Tags' in input))
  assert.ok(!putCommand(input).includes('new secret'))
  assert.match(putCommand(toCreate({ ...before, tags: [{ key: 'env', value: 'prod' }] })), /--tags Key=env,Value=prod$/)
})

test('PS-02 a copy has everything but the history, and its command passes the value on without showing it', () => {
  const secret = { Name: '/app/a', Type: 'SecureString' as const, KeyId: 'alias/app', Tier: 'Standard' as const }
  const copy = copyOf(secret, "/app/it's", [{ Key: 'env', Value: 'prod' }])
  const lines = copyCommand('/app/a', copy, ['live'], true).split(' &&\n')
  assert.deepEqual(lines, [
    "aws ssm put-parameter --name '/app/it'\\''s' --type SecureString --key-id alias/app --tier Standard --tags Key=env,Value=prod \\\n" +
      '  --value="$(aws ssm get-parameter --name /app/a --with-decryption --query Parameter.Value --output text)"',
    "aws ssm label-parameter-version --name '/app/it'\\''s' --labels live",
    'aws ssm delete-parameter --name /app/a',
  ])
  assert.doesNotMatch(copyCommand('/app/a', copy, [], false), /label|delete/)
})

test('PS-10 a search in the address becomes filters of the API; values of one property are alternatives', () => {
  const query = {
    tokens: [
      { operator: ':', value: 'db' },
      { property: 'Type', operator: '=', value: 'String' },
      { property: 'Type', operator: '=', value: 'SecureString' },
      { property: 'tag', operator: '=', value: 'env=prod' },
      { property: 'tag', operator: '=', value: 'team' },
    ],
    operation: 'and' as const,
    sort: { column: 'Version', descending: true },
    page: 1,
  }
  const input = toInput({ path: '/shop', byLevel: true, query })
  assert.deepEqual(input, {
    Path: '/shop',
    Recursive: true,
    Query: 'db',
    ParameterFilters: [
      { Key: 'Type', Option: 'Equals', Values: ['String', 'SecureString'] },
      { Key: 'tag:env', Option: 'Equals', Values: ['prod'] },
      { Key: 'tag:team', Option: 'Equals' },
    ],
    SortBy: 'Version',
    SortOrder: 'Descending',
  })
  assert.equal(
    toCommand(toInput({ path: '/shop', byLevel: true, query: { ...query, tokens: [] } })),
    'aws ssm describe-parameters --parameter-filters Key=Path,Option=OneLevel,Values=/shop',
  )
})
