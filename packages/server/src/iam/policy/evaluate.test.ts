// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of policies look like that.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AttachedPolicy } from '#kernel/policy.ts'
import { type ApplicablePolicies, type Asker, evaluate, type Verdict } from './evaluate.ts'
import { type PolicyKind, parsePolicy } from './parse-policy.ts'
import { requestContext } from './request-context.ts'

const ACCOUNT = '123456789012'
const RESOURCE = `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/app/colour`
const USER: Asker = { account: ACCOUNT, own: [`arn:aws:iam::${ACCOUNT}:user/ann`, 'AIDAANN'], behind: [] }
const ROLE: Asker = {
  account: ACCOUNT,
  own: [`arn:aws:sts::${ACCOUNT}:assumed-role/R/s`, 'AROAR:s'],
  behind: [`arn:aws:iam::${ACCOUNT}:role/R`, 'AROAR'],
}
const STRANGER: Asker = { account: '999999999999', own: ['arn:aws:iam::999999999999:user/eve'], behind: [] }

const allow = (more: object = {}) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...more })
const deny = (more: object = {}) => ({ ...allow(more), Effect: 'Deny' })
const others = { Resource: 'arn:aws:ssm:*:*:parameter/other/*' }
const named = (AWS: string | undefined) => ({ Principal: { AWS } })

// AWS's documented logic: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html

type Layers = {
  identity?: object[]
  boundary?: object[]
  session?: object[]
  resource?: object[]
  decides?: true
  owner?: string
}

for (const [what, asker, layers, verdict] of [
  ['nothing at all', USER, {}, 'implicit identity'],
  ['an allow of the identity', USER, { identity: [allow()] }, 'allowed identity'],
  ['an allow of something else', USER, { identity: [allow(others)] }, 'implicit identity'],
  ['an allow and a deny', USER, { identity: [allow(), deny()] }, 'explicit identity'],
  ['a deny and an allow', USER, { identity: [deny(), allow()] }, 'explicit identity'],
  ['a deny of something else', USER, { identity: [allow(), deny(others)] }, 'allowed identity'],
  ['a boundary that allows', USER, { identity: [allow()], boundary: [allow()] }, 'allowed identity'],
  ['a boundary alone', USER, { boundary: [allow()] }, 'implicit identity'],
  [
    'a boundary that allows something else',
    USER,
    { identity: [allow()], boundary: [allow(others)] },
    'implicit boundary',
  ],
  ['a boundary that denies', USER, { identity: [allow()], boundary: [allow(), deny()] }, 'explicit boundary'],
  ['a session policy that allows', ROLE, { identity: [allow()], session: [allow()] }, 'allowed identity'],
  ['a session policy alone', ROLE, { session: [allow()] }, 'implicit identity'],
  ['an empty session policy', ROLE, { identity: [allow()], session: [] }, 'implicit session'],
  [
    'a session policy that allows something else',
    ROLE,
    { identity: [allow()], session: [allow(others)] },
    'implicit session',
  ],
  ['a session policy that denies', ROLE, { identity: [allow()], session: [deny()] }, 'explicit session'],
  [
    'boundary and session, one short',
    ROLE,
    { identity: [allow()], boundary: [allow()], session: [allow(others)] },
    'implicit session',
  ],
  ['boundary and session, both short', ROLE, { identity: [allow()], boundary: [], session: [] }, 'implicit boundary'],
  ['a resource policy for the user', USER, { resource: [allow(named(USER.own[0]))] }, 'allowed resource'],
  [
    'a resource policy for the user, whose boundary is short',
    USER,
    { boundary: [], resource: [allow(named(USER.own[0]))] },
    'allowed resource',
  ],
  ['a resource policy for everybody', USER, { resource: [allow({ Principal: '*' })] }, 'allowed resource'],
  [
    'a resource policy for everybody, and a boundary that is short',
    USER,
    { boundary: [], resource: [allow({ Principal: '*' })] },
    'allowed resource',
  ],
  [
    'a resource policy for everybody, and a session that is short',
    ROLE,
    { session: [], resource: [allow(named('*'))] },
    'allowed resource',
  ],
  [
    'a resource policy for all but another, and a boundary that is short',
    USER,
    { boundary: [], resource: [allow({ NotPrincipal: { AWS: STRANGER.own[0] } })] },
    'implicit boundary',
  ],
  [
    'a resource policy for the role, and a boundary that is short',
    ROLE,
    { boundary: [], identity: [allow()], resource: [allow(named(ROLE.behind[0]))] },
    'implicit boundary',
  ],
  [
    'a resource policy for the session itself, and a boundary that is short',
    ROLE,
    { boundary: [], resource: [allow(named(ROLE.own[0]))] },
    'allowed resource',
  ],
  ['a resource policy for the role', ROLE, { resource: [allow(named(ROLE.behind[0]))] }, 'allowed resource'],
  [
    'a resource policy for the role, whose session is short',
    ROLE,
    { session: [], resource: [allow(named(ROLE.behind[0]))] },
    'implicit session',
  ],
  [
    'a resource policy for the session itself',
    ROLE,
    { session: [], resource: [allow(named(ROLE.own[0]))] },
    'allowed resource',
  ],
  ['a resource policy for the account', USER, { resource: [allow(named(ACCOUNT))] }, 'implicit identity'],
  [
    'a resource policy for the account, and the identity',
    USER,
    { identity: [allow()], resource: [allow(named(ACCOUNT))] },
    'allowed identity',
  ],
  ['a resource policy for another', USER, { resource: [allow(named(STRANGER.own[0]))] }, 'implicit identity'],
  [
    'a resource policy that denies',
    USER,
    { identity: [allow()], resource: [deny({ Principal: '*' })] },
    'explicit resource',
  ],
  [
    'a resource policy that denies all but the user',
    USER,
    { identity: [allow()], resource: [deny({ NotPrincipal: { AWS: USER.own[0] } })] },
    'allowed identity',
  ],
  [
    'a resource policy that denies all but the user, who has a boundary',
    USER,
    { identity: [allow()], boundary: [allow()], resource: [deny({ NotPrincipal: { AWS: USER.own[0] } })] },
    'explicit resource',
  ],
  [
    'a resource policy that denies all but another',
    USER,
    { identity: [allow()], resource: [deny({ NotPrincipal: { AWS: STRANGER.own[0] } })] },
    'explicit resource',
  ],
  [
    'a resource policy for a service',
    USER,
    { resource: [allow({ Principal: { Service: 'ssm.amazonaws.com' } })] },
    'implicit identity',
  ],
  ['another account, its identity alone', STRANGER, { identity: [allow()] }, 'implicit resource'],
  ['another account, the resource alone', STRANGER, { resource: [allow(named(STRANGER.own[0]))] }, 'implicit identity'],
  [
    'another account, both',
    STRANGER,
    { identity: [allow()], resource: [allow(named(STRANGER.own[0]))] },
    'allowed identity',
  ],
  [
    'another account, both, by the account',
    STRANGER,
    { identity: [allow()], resource: [allow(named('arn:aws:iam::999999999999:root'))] },
    'allowed identity',
  ],
  [
    'another account, both, and its boundary is short',
    STRANGER,
    { identity: [allow()], boundary: [], resource: [allow({ Principal: '*' })] },
    'implicit boundary',
  ],
  ['a key policy that is silent', USER, { identity: [allow()], resource: [], decides: true }, 'implicit resource'],
  [
    'a key policy that names the account',
    USER,
    { identity: [allow()], resource: [allow(named(ACCOUNT))], decides: true },
    'allowed identity',
  ],
  [
    'a key policy that names the account only',
    USER,
    { resource: [allow(named(ACCOUNT))], decides: true },
    'implicit identity',
  ],
  [
    'a key policy that names the user',
    USER,
    { resource: [allow(named(USER.own[0]))], decides: true },
    'allowed resource',
  ],
] as const satisfies readonly (readonly [string, Asker, Layers, string])[]) {
  test(`X-13 ${what}: ${verdict}`, () => {
    const { why, layer, allowed, statement } = judge(asker, layers)
    assert.equal(`${why} ${layer}`, verdict)
    assert.equal(allowed, why === 'allowed')
    assert.equal(statement !== undefined, why !== 'implicit')
  })
}

// ---------------------------------------------------------------------------------------------------------------------

for (const [Action, action, matches] of [
  ['*', 'ssm:GetParameter', true],
  ['ssm:*', 'ssm:GetParameter', true],
  ['SSM:getparameter', 'ssm:GetParameter', true],
  ['ssm:Get*', 'ssm:GetParametersByPath', true],
  ['ssm:Get*', 'ssm:PutParameter', false],
  ['ssm:GetParameter', 'ssm:GetParameters', false],
  ['ssm:GetParameter?', 'ssm:GetParameters', true],
  ['ssm:*Parameter*', 'ssm:GetParametersByPath', true],
  [['iam:*', 'ssm:Describe*'], 'ssm:DescribeParameters', true],
  ['kms:*', 'ssm:GetParameter', false],
] as const) {
  test(`X-13 Action ${Action} ${matches ? 'is' : 'is not'} about ${action}, and NotAction the other way round`, () => {
    const ask = (statement: object) =>
      judge(USER, { identity: [{ Effect: 'Allow', Resource: '*', ...statement }] }, action)
    assert.equal(ask({ Action }).allowed, matches)
    assert.equal(ask({ NotAction: Action }).allowed, !matches)
  })
}

for (const [Resource, context, matches] of [
  ['*', {}, true],
  [RESOURCE, {}, true],
  ['arn:aws:ssm:*:*:parameter/app/*', {}, true],
  ['arn:aws:ssm:eu-west-?:123456789012:parameter/app/colour', {}, true],
  ['arn:aws:ssm:us-*:*:parameter/app/*', {}, false],
  ['arn:aws:ssm:*:*:parameter/APP/*', {}, false],
  ['arn:aws:ssm:*', {}, true],
  ['arn:aws:ssm', {}, true],
  ['arn:aws:ssm:eu-west-1', {}, true],
  ['arn:aws:ssm:us-east-1', {}, false],
  ['arn:aws:ssm:*:123456789012', {}, true],
  ['arn:aws:ssm:*:parameter/app/colour', {}, true],
  ['arn:aws:ssm:*/app/colour', {}, true],
  ['arn:aws:ssm:*:parameter/app', {}, false],
  ['arn:aws:ssm:eu*:123456789012:*:*', {}, false],
  ['arn:aws:ssm:*:*:*', {}, true],
  ['arn:aws:ssm:*:*:*/colour', {}, true],
  ['arn:aws:ssm:*:*:parameter/*/colour', {}, true],
  ['arn:aws:ssm:*:*:parameter/${aws:PrincipalTag/team}/*', { 'aws:PrincipalTag/team': 'app' }, true],
  ['arn:aws:ssm:*:*:parameter/${aws:PrincipalTag/team}/*', { 'aws:PrincipalTag/team': 'ap*' }, false],
  ['arn:aws:ssm:*:*:parameter/${aws:PrincipalTag/team}/*', {}, false],
  ["arn:aws:ssm:*:*:parameter/${aws:PrincipalTag/team, 'app'}/*", {}, true],
  ["arn:aws:ssm:*:*:parameter/${aws:PrincipalTag/team, 'app'}/*", { 'aws:PrincipalTag/team': 'x' }, false],
  ['arn:aws:ssm:*:*:parameter/${*}/colour', {}, false],
] as const) {
  test(`X-13 Resource ${Resource} with ${JSON.stringify(context)} ${matches ? 'is' : 'is not'} the parameter`, () => {
    const ask = (statement: object) =>
      judge(USER, { identity: [{ Effect: 'Allow', Action: '*', ...statement }] }, 'ssm:GetParameter', context)
    assert.equal(ask({ Resource }).allowed, matches)
    assert.equal(ask({ NotResource: Resource }).allowed, !matches)
  })
}

test('X-13 in a policy of a resource an ARN that lacks parts is nothing, unless there is a wildcard', () => {
  const ask = (Resource: string) => judge(USER, { resource: [allow({ ...named(USER.own[0]), Resource })] }).allowed
  assert.equal(ask('arn:aws:ssm:eu-west-1'), false)
  assert.equal(ask('arn:aws:ssm:*:123456789012'), true)
  assert.equal(ask('arn:aws:ssm:*'), true)
})

test('X-13 the last part of an ARN may have colons', () => {
  const ask = (Resource: string, resource: string) =>
    evaluate(
      { asker: USER, action: 'logs:GetLogEvents', resource, context: requestContext() },
      { identity: [attach([allow({ Resource })])] },
    ).allowed
  const stream = `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/app:log-stream:one`
  assert.equal(ask('arn:aws:logs:*:*:log-group:*', stream), true)
  assert.equal(ask('arn:aws:logs:*:*:log-group:/app:log-stream:one', stream), true)
  assert.equal(ask('arn:aws:logs:*:*:*:one', stream), true)
  assert.equal(ask('arn:aws:logs:*:*:log-group:/app', stream), false)
})

test('X-13 documents of 2008 have no variables', () => {
  const Condition = { StringEquals: { 'aws:UserAgent': '${aws:username}' } }
  const ask = (Version: string, agent: string) => {
    const policy = attach([{ Effect: 'Allow', Action: '*', Resource: '*', Condition }], 'identity', Version)
    const context = requestContext({ 'aws:username': 'ann', 'aws:UserAgent': agent })
    return evaluate({ asker: USER, action: 'a:b', resource: '*', context }, { identity: [policy] }).allowed
  }
  assert.equal(ask('2012-10-17', 'ann'), true)
  assert.equal(ask('2008-10-17', 'ann'), false)
  assert.equal(ask('2008-10-17', '${aws:username}'), true)
})

const NOW = '2026-11-21T12:00:00Z'
const KEYS = {
  'aws:username': 'ann',
  'aws:SourceIp': '203.0.113.77',
  'aws:CurrentTime': NOW,
  'aws:EpochTime': String(Date.parse(NOW) / 1000),
  'aws:SecureTransport': 'false',
  'aws:MultiFactorAuthAge': '120',
  'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/service-role/R`,
  'aws:TagKeys': ['env', 'team'],
  'aws:RequestTag/env': 'dev',
  'x:empty': [],
  'x:blank': '',
  'x:blanks': ['', ''],
  'x:v6': '2001:db8::1',
}

for (const [operator, key, value, holds] of [
  ['StringEquals', 'aws:username', 'ann', true],
  ['StringEquals', 'AWS:UserName', 'ann', true],
  ['StringEquals', 'aws:username', 'Ann', false],
  ['StringEquals', 'aws:username', ['bob', 'ann'], true],
  ['StringEquals', 'aws:username', 'a*', false],
  ['StringEquals', 'aws:username', '${aws:username}', true],
  ['StringEquals', 'x:none', 'ann', false],
  ['StringEqualsIfExists', 'x:none', 'ann', true],
  ['StringEqualsIfExists', 'aws:username', 'bob', false],
  ['StringNotEquals', 'aws:username', 'ann', false],
  ['StringNotEquals', 'aws:username', ['ann', 'bob'], false],
  ['StringNotEquals', 'aws:username', 'bob', true],
  ['StringNotEquals', 'x:none', 'bob', true],
  ['StringEqualsIgnoreCase', 'aws:username', 'ANN', true],
  ['StringNotEqualsIgnoreCase', 'aws:username', 'ANN', false],
  ['StringLike', 'aws:username', 'a?n', true],
  ['StringLike', 'aws:username', ['b*', '*n'], true],
  ['StringLike', 'aws:username', 'b*', false],
  ['StringNotLike', 'aws:username', 'a*', false],
  ['StringNotLike', 'x:none', 'a*', true],
  ['NumericEquals', 'aws:MultiFactorAuthAge', '120.0', true],
  ['NumericNotEquals', 'aws:MultiFactorAuthAge', '120', false],
  ['NumericLessThan', 'aws:MultiFactorAuthAge', '120', false],
  ['NumericLessThanEquals', 'aws:MultiFactorAuthAge', '120', true],
  ['NumericGreaterThan', 'aws:MultiFactorAuthAge', '119', true],
  ['NumericGreaterThanEquals', 'aws:MultiFactorAuthAge', '121', false],
  ['NumericLessThan', 'aws:username', '120', false],
  ['NumericLessThan', 'x:none', '120', false],
  ['NumericLessThanIfExists', 'x:none', '120', true],
  ['DateEquals', 'aws:CurrentTime', '2026-11-21T13:00:00+01:00', true],
  ['DateNotEquals', 'aws:CurrentTime', NOW, false],
  ['DateLessThan', 'aws:CurrentTime', '2026-11-22', true],
  ['DateLessThan', 'aws:CurrentTime', '2026-11-21', false],
  ['DateLessThanEquals', 'aws:CurrentTime', NOW, true],
  ['DateGreaterThan', 'aws:CurrentTime', '2026-11-21T11:59:59Z', true],
  ['DateGreaterThanEquals', 'aws:CurrentTime', '2026-11-21T12:00:01Z', false],
  ['DateEquals', 'aws:EpochTime', NOW, true],
  ['DateGreaterThan', 'aws:EpochTime', '1700000000', true],
  ['Bool', 'aws:SecureTransport', 'false', true],
  ['Bool', 'aws:SecureTransport', 'False', true],
  ['Bool', 'aws:SecureTransport', 'true', false],
  ['Bool', 'aws:MultiFactorAuthPresent', 'false', false],
  ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'false', true],
  ['BinaryEquals', 'aws:username', 'ann', true],
  ['BinaryEquals', 'aws:username', 'YW5u', false],
  ['IpAddress', 'aws:SourceIp', '203.0.113.0/24', true],
  ['IpAddress', 'aws:SourceIp', '203.0.113.77', true],
  ['IpAddress', 'aws:SourceIp', '203.0.113.78/31', false],
  ['IpAddress', 'aws:SourceIp', ['10.0.0.0/8', '0.0.0.0/0'], true],
  ['IpAddress', 'aws:SourceIp', '::/0', true],
  ['IpAddress', 'x:v6', '2001:db8::/32', true],
  ['IpAddress', 'x:v6', '2001:db9::/32', false],
  ['IpAddress', 'x:v6', '0.0.0.0/0', false],
  ['IpAddress', 'x:v6', '2001:DB8:0:0:0:0:0:1', true],
  ['NotIpAddress', 'aws:SourceIp', '203.0.113.0/24', false],
  ['NotIpAddress', 'aws:SourceIp', '10.0.0.0/8', true],
  ['NotIpAddress', 'x:none', '10.0.0.0/8', true],
  ['ArnEquals', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/service-role/R`, true],
  ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/*', true],
  ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam:*:role/*', false],
  ['ArnLike', 'aws:PrincipalArn', '*', false],
  ['ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::*:user/*', true],
  ['ArnNotEquals', 'aws:PrincipalArn', 'arn:aws:iam::*:role/*', false],
  ['Null', 'x:none', 'true', true],
  ['Null', 'x:none', 'false', false],
  ['Null', 'aws:username', 'false', true],
  ['Null', 'aws:username', 'true', false],
  ['Null', 'x:empty', 'true', true],
  ['ForAnyValue:StringEquals', 'aws:TagKeys', 'team', true],
  ['ForAnyValue:StringEquals', 'aws:TagKeys', 'cost', false],
  ['ForAnyValue:StringEquals', 'x:none', 'team', false],
  ['ForAnyValue:StringEquals', 'x:empty', 'team', false],
  ['ForAnyValue:StringEqualsIfExists', 'x:none', 'team', true],
  ['ForAnyValue:StringNotEquals', 'aws:TagKeys', 'team', true],
  ['ForAnyValue:StringNotEquals', 'x:none', 'team', false],
  ['ForAllValues:StringEquals', 'aws:TagKeys', ['team', 'env', 'cost'], true],
  ['ForAllValues:StringEquals', 'aws:TagKeys', ['team'], false],
  ['ForAllValues:StringEquals', 'x:none', ['team'], true],
  ['ForAllValues:StringEquals', 'x:empty', ['team'], true],
  ['ForAllValues:StringNotEquals', 'aws:TagKeys', ['cost'], true],
  ['ForAllValues:StringNotEquals', 'aws:TagKeys', ['team'], false],
  ['ForAllValues:StringLike', 'aws:TagKeys', ['t*', 'e*'], true],
  ['ForAllValues:StringEquals', 'aws:username', ['ann'], true],
  ['ForAllValues:StringEquals', 'x:blank', ['team'], true],
  ['ForAllValues:StringEquals', 'x:blanks', ['team'], true],
  ['ForAllValues:StringEquals', 'aws:TagKeys', [], false],
  ['ForAllValues:StringEquals', 'x:none', [], true],
  ['ForAnyValue:StringEquals', 'x:blank', [''], false],
  ['ForAnyValue:StringLike', 'x:blanks', ['*'], false],
  ['ForAnyValue:StringEqualsIfExists', 'x:empty', 'team', true],
  ['StringEqualsIfExists', 'aws:username', [], false],
  ['StringEqualsIfExists', 'x:none', [], true],
  ['StringEquals', 'x:blank', '', true],
  ['StringLike', 'x:blank', '*', true],
  ['Null', 'x:blank', 'false', true],
  ['ForAllValues:Null', 'aws:TagKeys', 'true', true],
  ['ForAllValues:Null', 'x:none', 'false', true],
  ['ForAnyValue:Null', 'aws:TagKeys', 'false', false],
  ['ForAnyValue:Null', 'x:none', 'true', false],
  ['StringEquals', 'aws:RequestTag/ENV', 'dev', true],
  ['StringLike', 'aws:RequestTag/env', '', false],
] as const) {
  test(`X-14 ${operator} ${key} ${JSON.stringify(value)} ${holds ? 'holds' : 'does not hold'}`, () => {
    const statement = allow({ Condition: { [operator]: { [key]: value } } })
    assert.equal(judge(USER, { identity: [statement] }, 'ssm:X', KEYS).allowed, holds)
  })
}

test('X-14 all conditions of a statement must hold', () => {
  const both = (StringLike: object, Bool: object) =>
    judge(USER, { identity: [allow({ Condition: { StringLike, Bool } })] }, 'ssm:X', KEYS).allowed
  const [yes, no] = [{ 'aws:username': 'a*' }, { 'aws:username': 'b*' }]
  assert.equal(both(yes, { 'aws:SecureTransport': 'false' }), true)
  assert.equal(both(no, { 'aws:SecureTransport': 'false' }), false)
  assert.equal(both(yes, { 'aws:SecureTransport': 'true' }), false)
})

test('X-18 the verdict names the policy and the statement that decided, and all that applied', () => {
  const identity = [attach([allow(others), allow({ Sid: 'Wide' })]), attach([deny({ Sid: 'No' })])]
  const verdict = evaluate(
    { asker: USER, action: 'ssm:X', resource: RESOURCE, context: requestContext() },
    { identity },
  )
  assert.equal(verdict.statement?.policy, identity[1])
  assert.equal(verdict.statement?.index, 0)
  assert.deepEqual(
    verdict.matched.map(({ statement, index }) => [statement.sid, index]),
    [
      ['Wide', 1],
      ['No', 0],
    ],
  )
})

// ---------------------------------------------------------------------------------------------------------------------

const words = fc.constantFrom('a', 'b', 'ab', 'x:a', '*', '?', '**', 'a*b', '')
const globs = fc.array(words, { maxLength: 8 }).map((parts) => parts.join(''))
const plain = fc.array(fc.constantFrom('a', 'b', 'ab', ':', 'x'), { maxLength: 10 }).map((parts) => parts.join(''))

test('X-13 wildcards match what the same regular expression matches', () => {
  fc.assert(
    fc.property(globs, plain, (glob, text) => {
      const source = glob.replace(/[*?]|[^*?]+/g, (part) => (part === '*' ? '.*' : part === '?' ? '.' : part))
      const statement = allow({ Condition: { StringLike: { 'x:key': glob } } })
      const found = judge(USER, { identity: [statement] }, 'ssm:X', { 'x:key': text }).allowed
      assert.equal(found, new RegExp(`^${source}$`, 's').test(text))
    }),
  )
})

test('X-13 no pattern takes long', () => {
  const glob = `${'*a'.repeat(1000)}b`
  const started = performance.now()
  judge(USER, { identity: [allow({ Condition: { StringLike: { 'x:key': glob } } })] }, 'ssm:X', {
    'x:key': 'a'.repeat(5000),
  })
  assert.ok(performance.now() - started < 1000)
})

const statements = fc.array(
  fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.constantFrom('*', 'ssm:*', 'ssm:Get*', 'kms:*'),
    Resource: fc.constantFrom('*', RESOURCE, 'arn:aws:ssm:*:*:document/*'),
  }),
  { minLength: 1, maxLength: 4 },
)
const layered = fc.record({
  identity: statements,
  boundary: fc.option(statements, { nil: undefined }),
  session: fc.option(statements, { nil: undefined }),
})
const judgeAny = ({
  identity,
  boundary,
  session,
}: {
  identity: object[]
  boundary?: object[] | undefined
  session?: object[] | undefined
}) => judge(ROLE, { identity, ...(boundary && { boundary }), ...(session && { session }) }, 'ssm:GetParameter')

test('X-13 a deny anywhere decides, a boundary never gives, and the order of policies does not matter', () => {
  fc.assert(
    fc.property(layered, (layers) => {
      const { allowed } = judgeAny(layers)
      assert.equal(judgeAny({ ...layers, identity: layers.identity.toReversed() }).allowed, allowed)
      for (const layer of ['identity', 'boundary', 'session'] as const) {
        assert.equal(judgeAny({ ...layers, [layer]: [...(layers[layer] ?? []), deny()] }).why, 'explicit')
      }
      const { identity } = layers
      if (allowed) assert.equal(judgeAny({ identity }).allowed, true)
    }),
  )
})

let seed = 0

function attach(statement: readonly object[], kind: PolicyKind = 'identity', Version = '2012-10-17'): AttachedPolicy {
  const text = JSON.stringify({ Version, Statement: statement })
  return { name: `p${seed++}`, source: kind === 'identity' ? 'user' : 'resource', policy: parsePolicy(text, kind) }
}

/** Resource policies without a statement are written as one that is about nothing. */
function judge(asker: Asker, layers: Layers, action = 'ssm:GetParameter', context = {}): Verdict {
  const { identity = [], boundary, session, resource, decides } = layers
  const attached = (list: readonly object[], kind?: PolicyKind) => (list.length === 0 ? [] : [attach(list, kind)])
  const policies: ApplicablePolicies = {
    identity: attached(identity),
    ...(boundary && { boundary: attached(boundary) }),
    ...(session && { session: attached(session) }),
    resource: {
      account: ACCOUNT,
      ...(resource?.length && { policy: attach(resource, 'resource') }),
      ...(decides && { policyDecides: true }),
    },
  }
  return evaluate({ asker, action, resource: RESOURCE, context: requestContext(context) }, policies)
}
