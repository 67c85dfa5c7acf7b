import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reader } from '#db/database.ts'
import type { Access, PrincipalPolicies, ResourceDescription, ResourceDirectory } from '#kernel/declare.ts'
import type { Principal } from '#kernel/principal.ts'
import { Authorizer } from './authorizer.ts'
import type { Caller } from './decide.ts'
import { parsePolicy } from './policy/parse-policy.ts'

const ACCOUNT = '123456789012'
const root: Principal = { kind: 'root', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accessKeyId: 'AKIA' }
const user: Principal = {
  kind: 'user',
  account: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/ann`,
  name: 'ann',
  userId: 'AIDA',
  accessKeyId: 'AKIA',
}
const node = (id: string) => `arn:aws:ssm:r:${ACCOUNT}:managed-instance/${id}`
const ON_DEV = { Condition: { StringEquals: { 'aws:ResourceTag/env': 'dev' } } }
const allow = (Condition?: object) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...(Condition && { Condition }) })

test('X-12 nothing is looked up for the root', async () => {
  const { authorizer, asked } = authorizerOf({ services: ['ssm'], keepsPolicies: true })
  const demanded = [{ action: 'ssm:X', resources: [node('a')], also: () => assert.fail('also') }]
  await authorizer.admit({ principal: root, policies: undefined }, demanded, () => assert.fail('conditions'), reader)
  assert.deepEqual(asked, [])
})

test('X-14 resources are described only to policies that ask what they are like, or where they have policies', async () => {
  const { authorizer, asked } = authorizerOf({ services: ['ssm'], keepsPolicies: false })
  const demanded = [{ action: 'ssm:X', resources: [node('a')] }]
  await authorizer.admit(callerWith(allow()), demanded, () => ({}), reader)
  assert.deepEqual(asked, [])
  const onTag = callerWith(allow({ StringEquals: { 'ssm:resourceTag/Env': 'dev' } }))
  await assert.rejects(
    authorizer.admit(onTag, demanded, () => ({}), reader),
    { code: 'AccessDeniedException' },
  )
  assert.deepEqual(asked, [node('a')])
})

test('X-14 tags and policies come from several directories; the account of a resource is known', async () => {
  const tags = authorizerDirectory({ services: ['ssm'], keepsPolicies: false }, { tags: { ENV: 'dev' } })
  const text = JSON.stringify({
    Statement: { ...allow(), ...ON_DEV, Effect: 'Deny', Principal: '*', Action: 'ssm:Delete*' },
  })
  const policy = { name: 'p', source: 'resource', policy: parsePolicy(text, 'resource') } as const
  const policies = authorizerDirectory({ services: ['ssm', 'x'], keepsPolicies: true }, { policy })
  const authorizer = new Authorizer([tags, policies])
  const condition = {
    StringEquals: { 'aws:ResourceTag/env': 'dev', 'ssm:ResourceTag/Env': 'dev', 'aws:ResourceAccount': ACCOUNT },
  }
  const caller = callerWith(allow(condition))
  const ask = (action: string) => authorizer.admit(caller, [{ action, resources: [node('a')] }], () => ({}), reader)
  await ask('ssm:Get')
  await assert.rejects(ask('ssm:Delete'), { message: /with an explicit deny in a resource-based policy$/ })
  const refused = authorizer.admit(
    callerWith(allow()),
    [{ action: 'ssm:Delete', resources: [node('a')] }],
    () => ({}),
    reader,
  )
  await assert.rejects(refused, { code: 'AccessDeniedException' })
})

test('X-12 every demand must be allowed, those included that take a look-up; the first that is not is named', async () => {
  const authorizer = new Authorizer([])
  const caller = callerWith(allow(), { ...allow(), Sid: 'NotThere', Effect: 'Deny', Resource: node('c') })
  const demanded: Access[] = [
    {
      action: 'ssm:X',
      resources: [node('a')],
      also: async () => [{ action: 'ssm:X', resources: [node('b'), node('c')] }],
    },
    { action: 'iam:PassRole', resources: ['*'] },
  ]
  await assert.rejects(
    authorizer.admit(caller, demanded, () => ({}), reader),
    {
      code: 'AccessDeniedException',
      message: `User: ${user.arn} is not authorized to perform: ssm:X on resource: ${node('c')} with an explicit deny in an identity-based policy`,
    },
  )
})

test('X-14 what a call says of itself stands over what every request has', async () => {
  const authorizer = new Authorizer([])
  const caller = callerWith(allow({ StringEquals: { 'ssm:Overwrite': 'true', 'aws:SourceIp': '10.0.0.1' } }))
  const ask = (context: Record<string, string>) =>
    authorizer.admit(
      caller,
      [{ action: 'ssm:X', resources: ['*'], context }],
      () => ({ 'aws:SourceIp': '10.0.0.1' }),
      reader,
    )
  await ask({ 'SSM:overwrite': 'true' })
  await assert.rejects(ask({}), { code: 'AccessDeniedException' })
})

const reader = undefined as unknown as Reader

function callerWith(...Statement: object[]): Caller {
  const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }))
  const policies: PrincipalPolicies = { identity: [{ name: 'p', source: 'user', policy }], tags: {} }
  return { principal: user, policies }
}

function authorizerDirectory(
  spec: Pick<ResourceDirectory, 'services' | 'keepsPolicies'>,
  description: ResourceDescription | undefined,
  asked: string[] = [],
): ResourceDirectory {
  return {
    ...spec,
    async describe(_reader, arn) {
      asked.push(arn)
      return description
    },
  }
}

function authorizerOf(spec: Pick<ResourceDirectory, 'services' | 'keepsPolicies'>) {
  const asked: string[] = []
  return { asked, authorizer: new Authorizer([authorizerDirectory(spec, undefined, asked)]) }
}
