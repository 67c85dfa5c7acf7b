// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of policies look like that.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '#kernel/api-error.ts'
import { contextKeysOf } from './evaluate.ts'
import { type PolicyKind, parseNewPolicy, parsePolicy } from './parse-policy.ts'

const good = { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' }
const trust = { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }

test('X-13 a policy is read with its defaults, and every statement knows where it stands', () => {
  const policy = parsePolicy(`{
  "Statement": {
    "Sid": "A", "Effect": "Deny", "NotAction": ["ssm:*"], "NotResource": "arn:aws:ssm:*:*:document/x",
    "Condition": {"Bool": {"aws:SecureTransport": false}, "NumericLessThan": {"aws:MultiFactorAuthAge": 3600}}
  }
}`)
  assert.deepEqual(policy, {
    version: '2008-10-17',
    id: undefined,
    statements: [
      {
        sid: 'A',
        effect: 'Deny',
        principals: undefined,
        actions: { negated: true, listed: ['ssm:*'] },
        resources: { negated: true, listed: ['arn:aws:ssm:*:*:document/x'] },
        conditions: [
          { operator: 'Bool', key: 'aws:SecureTransport', values: ['false'] },
          { operator: 'NumericLessThan', key: 'aws:MultiFactorAuthAge', values: ['3600'] },
        ],
        start: { line: 2, column: 16 },
        end: { line: 5, column: 4 },
      },
    ],
  })
})

for (const [what, kind, document, sentence] of [
  [
    'text that is no JSON',
    'identity',
    '{"Statement": [}',
    'Syntax errors in policy. Line 1, column 16: A value is expected.',
  ],
  [
    'text that stops early',
    'identity',
    '{\n "Statement": [',
    'Syntax errors in policy. Line 2, column 16: A value is expected.',
  ],
  ['nothing', 'identity', '', 'Syntax errors in policy. Line 1, column 1: A value is expected.'],
  ['a list', 'identity', [], 'Syntax errors in policy. The policy: it must be an object. (line 1, column 1)'],
  [
    'a member twice',
    'identity',
    '{"Statement":[],\n"Statement":[]}',
    "Syntax errors in policy. Line 2, column 1: 'Statement' is there twice.",
  ],
  [
    'no statement',
    'identity',
    { Version: '2012-10-17' },
    'Syntax errors in policy. The policy: it has no Statement. (line 1, column 1)',
  ],
  [
    'no statements',
    'identity',
    { Statement: [] },
    'Syntax errors in policy. Statement: there must be a statement. (line 1, column 14)',
  ],
  [
    'another version',
    'identity',
    { Version: '2012-10-18', Statement: good },
    'Syntax errors in policy. Version: it must be 2008-10-17 or 2012-10-17. (line 1, column 12)',
  ],
  [
    'an unknown member',
    'identity',
    { Statement: good, Statements: [] },
    "Syntax errors in policy. The policy: 'Statements' is no element of a policy here. (line 1, column 89)",
  ],
  [
    'no effect',
    'identity',
    { Statement: { ...good, Effect: undefined } },
    'Syntax errors in policy. Statement[0]: it has no Effect. (line 1, column 14)',
  ],
  [
    'an effect in small letters',
    'identity',
    { Statement: [{ ...good, Effect: 'allow' }] },
    'The policy failed legacy parsing (Statement[0].Effect, line 1, column 25)',
  ],
  [
    'another effect',
    'identity',
    { Statement: [{ ...good, Effect: 'Permit' }] },
    "Syntax errors in policy. Statement[0].Effect: it must be 'Allow' or 'Deny'. (line 1, column 25)",
  ],
  [
    'no action',
    'identity',
    { Statement: { ...good, Action: undefined } },
    'Policy statement must contain actions. (Statement[0], line 1, column 14)',
  ],
  [
    'an empty list of actions',
    'identity',
    { Statement: { ...good, Action: [] } },
    'Policy statement must contain actions. (Statement[0].Action, line 1, column 41)',
  ],
  [
    'an action without a service',
    'identity',
    { Statement: { ...good, Action: 'GetParameter' } },
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (Statement[0].Action 'GetParameter', line 1, column 41)",
  ],
  [
    'an action of half a service',
    'identity',
    { Statement: { ...good, Action: 's*m:Get' } },
    "Vendor s*m is not valid (Statement[0].Action 's*m:Get', line 1, column 41)",
  ],
  [
    'an action with two colons',
    'identity',
    { Statement: { ...good, Action: 'ssm:a:b' } },
    "Actions/Condition can contain only one colon. (Statement[0].Action 'ssm:a:b', line 1, column 41)",
  ],
  [
    'a resource of any service',
    'identity',
    { Statement: { ...good, Resource: 'arn:aws:*:*:*:x' } },
    'Resource vendor must be fully qualified and cannot contain regexes. (Statement[0].Resource, line 1, column 71)',
  ],
  [
    'a resource of IAM in a Region',
    'identity',
    { Statement: { ...good, Resource: 'arn:aws:iam:r::user/x' } },
    'IAM resource arn:aws:iam:r::user/x cannot contain region information. (Statement[0].Resource, line 1, column 71)',
  ],
  [
    'both Action and NotAction',
    'identity',
    { Statement: { ...good, NotAction: '*' } },
    'Syntax errors in policy. Statement[0].NotAction: Action and NotAction exclude each other. (line 1, column 87)',
  ],
  [
    'no resource',
    'identity',
    { Statement: { ...good, Resource: undefined } },
    'Policy statement must contain resources. (Statement[0], line 1, column 14)',
  ],
  [
    'a resource that is no ARN',
    'identity',
    { Statement: { ...good, Resource: 'document/x' } },
    'Resource document/x must be in ARN format or "*". (Statement[0].Resource, line 1, column 71)',
  ],
  [
    'a resource of nowhere',
    'identity',
    { Statement: { ...good, Resource: 'arn:x:ssm:::y' } },
    'Partition "x" is not valid for resource "arn:x:ssm:::y". (Statement[0].Resource, line 1, column 71)',
  ],
  [
    'a resource that is a number in a list',
    'identity',
    { Statement: { ...good, Resource: ['*', null] } },
    'Syntax errors in policy. Statement[0].Resource[1]: it must be a text or a list of texts. (line 1, column 76)',
  ],
  [
    'a principal',
    'identity',
    { Statement: { ...good, Principal: '*' } },
    'Policy document should not specify a principal. (Statement[0].Principal, line 1, column 87)',
  ],
  [
    'an unknown operator',
    'identity',
    { Statement: { ...good, Condition: { StringEqual: { 'a:b': '' } } } },
    'Syntax errors in policy. Statement[0].Condition.StringEqual: there is no such operator. (line 1, column 102)',
  ],
  [
    'a date that is none',
    'identity',
    { Statement: { ...good, Condition: { DateLessThan: { 'a:b': 'soon' } } } },
    'The policy failed legacy parsing (Statement[0].Condition.DateLessThan.a:b, line 1, column 110)',
  ],
  [
    'a condition key without a service',
    'identity',
    { Statement: { ...good, Condition: { Bool: { mfa: 'true' } } } },
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (Statement[0].Condition.Bool.mfa, line 1, column 102)',
  ],
  [
    'a range of addresses that is none',
    'identity',
    { Statement: { ...good, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } } } },
    "Syntax errors in policy. Statement[0].Condition.IpAddress.aws:SourceIp: '10.0.0.0/33' is no range of addresses. (line 1, column 116)",
  ],
  [
    'a Sid twice',
    'identity',
    {
      Statement: [
        { Sid: 'A', ...good },
        { Sid: 'A', ...good },
      ],
    },
    'Statement IDs (SID) in a single policy must be unique. (Statement[1], line 1, column 87)',
  ],
  [
    'a Sid with a space',
    'identity',
    { Statement: { Sid: 'A b', ...good } },
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]* (Statement[0].Sid, line 1, column 21)',
  ],
  [
    'a trust policy with a resource',
    'trust',
    { Statement: { ...trust, Resource: '*' } },
    'Has prohibited field Resource (Statement[0].Resource, line 1, column 104)',
  ],
  [
    'a trust policy without a principal',
    'trust',
    { Statement: { ...trust, Principal: undefined } },
    'Missing required field Principal (Statement[0], line 1, column 14)',
  ],
  [
    'a trust policy without an action',
    'trust',
    { Statement: { ...trust, Action: undefined } },
    'Missing required field Action (Statement[0], line 1, column 14)',
  ],
  [
    'a trust policy with an unknown operator',
    'trust',
    { Statement: { ...trust, Condition: { StringEqual: { 'a:b': '' } } } },
    'Invalid Condition type : StringEqual. (Statement[0].Condition.StringEqual, line 1, column 120)',
  ],
  [
    'a trust policy for another service',
    'trust',
    { Statement: { ...trust, Action: 'ssm:GetParameter' } },
    'AssumeRole policy may only specify STS AssumeRole actions. (Statement[0].Action, line 1, column 76)',
  ],
  [
    'a trust policy that names nobody',
    'trust',
    { Statement: { ...trust, Principal: {} } },
    'Missing required field Principal cannot be empty! (Statement[0].Principal, line 1, column 44)',
  ],
  [
    'a principal that cannot be one',
    'trust',
    { Statement: { ...trust, Principal: { AWS: ['*', 'bob'] } } },
    'Invalid principal in policy: "AWS":"bob" (Statement[0].Principal.AWS[1], line 1, column 56)',
  ],
] as const satisfies readonly (readonly [string, PolicyKind, unknown, string])[]) {
  test(`X-13 ${what} is refused with its place (${kind})`, () => {
    const text = typeof document === 'string' ? document : JSON.stringify(document)
    assert.throws(
      () => parsePolicy(text, kind),
      (error: ApiError) => {
        assert.equal(error.message, sentence)
        assert.equal(error.code, 'MalformedPolicyDocument')
        return true
      },
    )
  })
}

test('X-13 an ARN that lacks a part is refused when it is put, and readable where it was taken before', () => {
  const text = JSON.stringify({ Statement: { ...good, Resource: 'arn:aws:s3::bucket' } })
  assert.throws(() => parseNewPolicy(text), {
    message: 'The policy failed legacy parsing (Statement[0].Resource, line 1, column 71)',
  })
  assert.deepEqual(parsePolicy(text).statements[0]?.resources?.listed, ['arn:aws:s3::bucket'])
})

test('X-13 a new trust policy lists whom it trusts', () => {
  const { Principal, ...rest } = trust
  for (const [who, message] of [
    [{ Principal: '*' }, /^AssumeRolepolicy contained an invalid principal: "STAR":"\*"\. \(/],
    [{ NotPrincipal: Principal }, /^AssumeRole policy must not contain NotPrincipal field\. \(/],
  ] as const) {
    const text = JSON.stringify({ Statement: { ...rest, ...who } })
    assert.throws(() => parseNewPolicy(text, 'trust'), { code: 'MalformedPolicyDocument', message })
    assert.equal(parsePolicy(text, 'trust').statements.length, 1)
  }
  parseNewPolicy(JSON.stringify({ Statement: { ...rest, Principal: { AWS: '*' } } }), 'trust')
})

test('X-13 what is unusual but right is taken', () => {
  const take = (more: object) => parseNewPolicy(JSON.stringify({ Statement: { ...good, ...more } }))
  take({ Action: ['*', '*:*', 'a2c-b.c:*'] })
  take({
    Resource: [
      'arn:aws:s3:*',
      'arn:aws:sqs',
      'arn:aws:sqs:us-east-1:123456789012',
      'arn:aws:iam::*:*',
      'arn:aws:iam::1:user/*',
      'arn:*:ssm:*:*:*',
      'arn:aws-cn:s3:::bucket',
    ],
  })
  take({ Sid: '', Condition: {} })
})

test('X-13 policies of resources name their principals, and may have a Sid with spaces', () => {
  const statement = { ...good, Sid: 'Enable IAM User Permissions', Principal: { AWS: 'arn:aws:iam::1:root' } }
  const account = { ...statement, Principal: { AWS: ['arn:aws:iam::123456789012:root'], Service: 'ssm.amazonaws.com' } }
  const [parsed] = parsePolicy(JSON.stringify({ Statement: account }), 'resource').statements
  assert.deepEqual(parsed!.principals, {
    negated: false,
    listed: { AWS: ['arn:aws:iam::123456789012:root'], Service: ['ssm.amazonaws.com'] },
  })
  assert.throws(
    () => parsePolicy(JSON.stringify({ Statement: statement }), 'resource', 'MalformedPolicyDocumentException'),
    {
      code: 'MalformedPolicyDocumentException',
    },
  )
})

test('X-14 the condition keys and variables of a policy are found', () => {
  const Condition = {
    StringLike: { 'aws:PrincipalTag/team': ['${aws:RequestTag/team}', '${*}'] },
    Null: { 'ssm:x': true },
  }
  const Resource = 'arn:aws:ssm:*:*:session/${aws:username}-*'
  const document = { Version: '2012-10-17', Statement: { ...good, Resource, Condition } }
  const keys = contextKeysOf(parsePolicy(JSON.stringify(document)))
  assert.deepEqual(keys.sort(), ['aws:PrincipalTag/team', 'aws:RequestTag/team', 'aws:username', 'ssm:x'])
})

test('X-13 whatever the text, it is a policy or a refusal', () => {
  const word = fc.constantFrom(
    ...Object.keys(good),
    'Statement',
    'Version',
    'Condition',
    'Sid',
    'Principal',
    'Allow',
    '*',
    'ssm:*',
  )
  const leaf = fc.oneof(word, fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('tree')),
      fc.dictionary(fc.oneof(word, fc.string()), tie('tree')),
    ),
  }))
  const text = fc.oneof(
    fc.string(),
    tree.map((value) => JSON.stringify(value)),
    fc.json(),
  )
  const wrapped = tree.map((value) => JSON.stringify({ Statement: [value, { ...good, Condition: value }] }))
  fc.assert(
    fc.property(fc.oneof(text, wrapped), (document) => {
      try {
        parsePolicy(document)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        assert.match(error.message, /line \d+, column \d+/i)
      }
    }),
  )
})
