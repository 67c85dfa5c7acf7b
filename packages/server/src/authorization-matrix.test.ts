// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of policies look like that.
/**
 * E2E-18: thirty policies of one user, each with thirty calls, through the real door. A call is allowed if anything but the sentence of
 * a refusal comes back: whether it makes sense is another question. The policies follow one another under the same key, so
 * each row also shows that a changed policy counts from the next request.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { AddTagsToResourceCommand, CreateDocumentCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { loadService } from '@steward/model'
import { startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { rawCall } from '#door/testing/raw-call.ts'
import { sentInput } from '#door/testing/sent-input.ts'
import { allowUser, aUser, type UserKey } from '#iam/testing/a-user.ts'

const CALLS = {
  readDev: ['ssm:GetParameter', () => ({ Name: '/app/dev/colour' })],
  readProd: ['ssm:GetParameter', () => ({ Name: '/app/prod/colour' })],
  readBoth: ['ssm:GetParameters', () => ({ Names: ['/app/dev/colour', '/app/prod/colour'] })],
  readPath: ['ssm:GetParametersByPath', () => ({ Path: '/app/dev', Recursive: true })],
  writeDev: ['ssm:PutParameter', () => ({ Name: '/app/dev/colour', Value: 'red', Type: 'String', Overwrite: true })],
  writeNew: ['ssm:PutParameter', () => ({ Name: '/app/dev/shape', Value: 'round', Type: 'String' })],
  deleteNone: ['ssm:DeleteParameter', () => ({ Name: '/app/dev/none' })],
  listParameters: ['ssm:DescribeParameters', () => ({})],
  runDev: ['ssm:SendCommand', ({ dev }) => ({ ...SCRIPT, InstanceIds: [dev] })],
  runProd: ['ssm:SendCommand', ({ prod }) => ({ ...SCRIPT, InstanceIds: [prod] })],
  runBoth: ['ssm:SendCommand', ({ dev, prod }) => ({ ...SCRIPT, InstanceIds: [dev, prod] })],
  runTagDev: ['ssm:SendCommand', () => ({ ...SCRIPT, Targets: [{ Key: 'tag:env', Values: ['dev'] }] })],
  runTagAny: ['ssm:SendCommand', () => ({ ...SCRIPT, Targets: [{ Key: 'tag:env', Values: ['dev', 'prod'] }] })],
  runTagNone: ['ssm:SendCommand', () => ({ ...SCRIPT, Targets: [{ Key: 'tag:env', Values: ['test'] }] })],
  runMine: ['ssm:SendCommand', ({ dev }) => ({ DocumentName: 'Mine', InstanceIds: [dev] })],
  runWithRole: ['ssm:SendCommand', ({ dev }) => ({ ...SCRIPT, InstanceIds: [dev], ServiceRoleArn: role('Node') })],
  readMine: ['ssm:GetDocument', () => ({ Name: 'Mine' })],
  readAmazons: ['ssm:GetDocument', () => ({ Name: 'AWS-RunShellScript' })],
  createTagged: ['ssm:CreateDocument', () => ({ Name: 'New', Content: CONTENT, Tags: [{ Key: 'team', Value: 'a' }] })],
  createPlain: ['ssm:CreateDocument', () => ({ Name: 'Plain', Content: CONTENT })],
  listDocuments: ['ssm:ListDocuments', () => ({})],
  listNodes: ['ssm:DescribeInstanceInformation', () => ({})],
  tagTeam: ['ssm:AddTagsToResource', ({ dev }) => tagging(dev, { Tags: [{ Key: 'team', Value: 'a' }] })],
  tagCost: ['ssm:AddTagsToResource', ({ dev }) => tagging(dev, { Tags: [{ Key: 'cost', Value: '1' }] })],
  activateNode: ['ssm:CreateActivation', () => ({ IamRole: 'Node' })],
  activateAdmin: ['ssm:CreateActivation', () => ({ IamRole: 'Admin' })],
  changeRole: ['ssm:UpdateManagedInstanceRole', ({ dev }) => ({ InstanceId: dev, IamRole: 'Node' })],
  listUsers: ['iam:ListUsers', () => ({})],
  readSelf: ['iam:GetUser', () => ({ UserName: 'ann' })],
  whoAmI: ['sts:GetCallerIdentity', () => ({})],
} as const satisfies Record<string, readonly [string, (things: Things) => object]>

type CallName = keyof typeof CALLS

interface Things {
  readonly dev: string
  readonly prod: string
}

const SCRIPT = { DocumentName: 'AWS-RunShellScript', Parameters: { commands: ['true'] } }
const CONTENT = JSON.stringify({
  schemaVersion: '2.2',
  mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { runCommand: ['true'] } }],
})

function role(name: string): string {
  return `arn:aws:iam::000000000000:role/${name}`
}

function tagging(id: string, more: object): object {
  return { ResourceType: 'ManagedInstance', ResourceId: id, ...more }
}

const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
})
const deny = (...args: Parameters<typeof allow>) => ({ ...allow(...args), Effect: 'Deny' })

const SHELL = 'arn:aws:ssm:*:*:document/AWS-RunShellScript'
const NODES = 'arn:aws:ssm:*:*:managed-instance/*'
const READS: CallName[] = ['readDev', 'readProd', 'readBoth', 'readPath']
const RUNS: CallName[] = ['runDev', 'runProd', 'runBoth', 'runTagDev', 'runTagAny', 'runTagNone', 'runMine']
const DEV_RUNS: CallName[] = ['runDev', 'runTagDev']
const EVERYTHING = Object.keys(CALLS) as CallName[]
const OF_SSM = EVERYTHING.filter((name) => CALLS[name][0].startsWith('ssm:'))
/** What hands over a role needs iam:PassRole too. */
const PASSING: CallName[] = ['runWithRole', 'activateNode', 'activateAdmin', 'changeRole']
const but = (names: readonly CallName[], ...without: readonly CallName[]) =>
  names.filter((name) => !without.includes(name))

const POLICIES: readonly (readonly [string, object[], readonly CallName[]])[] = [
  ['nothing that matters', [allow('s3:*')], []],
  ['everything', [allow('*')], EVERYTHING],
  ['everything, and everything denied', [allow('*'), deny('*')], []],
  ['everything of SSM', [allow('ssm:*')], but(OF_SSM, ...PASSING)],
  ['SSM and PassRole', [allow(['ssm:*', 'iam:PassRole'])], OF_SSM],
  ['all but SSM', [{ Effect: 'Allow', NotAction: 'ssm:*', Resource: '*' }], ['listUsers', 'readSelf']],
  [
    'reading',
    [allow(['ssm:Get*', 'ssm:List*', 'ssm:Describe*', 'iam:Get*', 'iam:List*'])],
    [...READS, 'listParameters', 'readMine', 'readAmazons', 'listDocuments', 'listNodes', 'listUsers', 'readSelf'],
  ],
  ['one path', [allow('ssm:GetParameter*', 'arn:aws:ssm:*:*:parameter/app/dev*')], ['readDev', 'readPath']],
  [
    'all parameters but one path',
    [allow('ssm:*Parameter*'), deny('ssm:*', 'arn:aws:ssm:*:*:parameter/app/prod/*')],
    ['readDev', 'readPath', 'writeDev', 'writeNew', 'deleteNone', 'listParameters'],
  ],
  [
    'all resources but one path',
    [{ Effect: 'Allow', Action: 'ssm:GetParameter', NotResource: 'arn:aws:ssm:*:*:parameter/app/dev/*' }],
    ['readProd'],
  ],
  [
    'writing, never over what is there',
    [allow('ssm:PutParameter'), deny('ssm:PutParameter', '*', { StringEquals: { 'ssm:Overwrite': 'true' } })],
    ['writeNew'],
  ],
  ['no recursive reads', [allow('ssm:GetParametersByPath'), deny('*', '*', { Bool: { 'ssm:Recursive': 'true' } })], []],
  [
    'the shell on nodes tagged dev',
    [
      allow('ssm:SendCommand', SHELL),
      allow('ssm:SendCommand', NODES, { StringEquals: { 'ssm:resourceTag/env': 'dev' } }),
    ],
    [...DEV_RUNS],
  ],
  [
    'the shell on nodes that are not prod',
    [
      allow('ssm:SendCommand', [SHELL, NODES]),
      deny('ssm:SendCommand', '*', { StringLike: { 'aws:ResourceTag/env': 'pr*' } }),
    ],
    [...DEV_RUNS, 'runTagNone'],
  ],
  [
    'any document on nodes tagged dev or test',
    [
      allow('ssm:SendCommand', ['arn:aws:ssm:*:*:document/*']),
      allow('ssm:SendCommand', NODES, { StringEquals: { 'aws:ResourceTag/env': ['dev', 'test'] } }),
    ],
    [...DEV_RUNS, 'runTagNone', 'runMine'],
  ],
  ['only the document', [allow('ssm:SendCommand', SHELL)], []],
  ['only the nodes', [allow('ssm:SendCommand', NODES)], []],
  ['all commands, but not with the shell', [allow('ssm:SendCommand'), deny('ssm:SendCommand', SHELL)], ['runMine']],
  [
    'commands with a role that may be passed',
    [allow('ssm:SendCommand'), allow('iam:PassRole', role('Node'))],
    [...RUNS, 'runWithRole'],
  ],
  ['the role of nodes only', [allow('ssm:*'), allow('iam:PassRole', role('Node'))], but(OF_SSM, 'activateAdmin')],
  [
    'roles for SSM only',
    [
      allow('ssm:CreateActivation'),
      allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } }),
    ],
    ['activateNode', 'activateAdmin'],
  ],
  [
    'roles for EC2 only',
    [
      allow('ssm:CreateActivation'),
      allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }),
    ],
    [],
  ],
  [
    'documents with a tag',
    [
      allow('ssm:CreateDocument', '*', { StringEquals: { 'aws:RequestTag/team': ['a', 'b'] } }),
      allow('ssm:AddTagsToResource'),
    ],
    ['createTagged', 'tagTeam', 'tagCost'],
  ],
  [
    'no other tag than team',
    [
      allow(['ssm:AddTagsToResource', 'ssm:CreateDocument'], '*', {
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
      }),
    ],
    ['createTagged', 'createPlain', 'tagTeam'],
  ],
  [
    'the team of the user’s own tag',
    [allow('ssm:AddTagsToResource', '*', { StringEquals: { 'aws:RequestTag/team': '${aws:PrincipalTag/team}' } })],
    ['tagTeam'],
  ],
  ['oneself', [allow('iam:GetUser', 'arn:aws:iam::*:user/${aws:username}')], ['readSelf']],
  [
    'from here',
    [allow('ssm:List*', '*', { IpAddress: { 'aws:SourceIp': ['127.0.0.0/8', '::1'] } })],
    ['listDocuments'],
  ],
  ['from elsewhere', [allow('ssm:List*', '*', { NotIpAddress: { 'aws:SourceIp': ['127.0.0.0/8', '::1'] } })], []],
  ['with a second factor', [allow('*', '*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })], []],
  [
    'in this century and this Region, without TLS',
    [
      allow('ssm:ListDocuments', '*', {
        DateLessThan: { 'aws:CurrentTime': '2100-01-01T00:00:00Z' },
        StringEquals: { 'aws:RequestedRegion': 'us-east-1', 'aws:PrincipalAccount': '000000000000' },
        Bool: { 'aws:SecureTransport': 'false' },
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/a*' },
      }),
    ],
    ['listDocuments'],
  ],
]

test('E2E-18 thirty policies and thirty calls come to the verdicts that AWS documents', async () => {
  assert.equal(EVERYTHING.length, 30)
  assert.equal(POLICIES.length, 30)
  await using server = await startServer()
  const things = await prepare(server)
  const key = await aUser(server, 'ann', { tags: [{ Key: 'team', Value: 'a' }] })
  const wrong: string[] = []
  for (const [title, statements, allowed] of POLICIES) {
    await allowUser(server, 'ann', statements)
    for (const name of EVERYTHING) {
      const refusal = await refused(server, key, name, things)
      const wanted = allowed.includes(name) || name === 'whoAmI'
      if (wanted === (refusal !== undefined)) wrong.push(`${title}, ${name}: ${refusal ?? 'allowed'}`)
    }
  }
  assert.deepEqual(wrong, [])
})

async function prepare(server: TestServer): Promise<Things> {
  const ssm = server.client(SSMClient)
  for (const Name of ['/app/dev/colour', '/app/prod/colour']) {
    await ssm.send(new PutParameterCommand({ Name, Value: 'blue', Type: 'String' }))
  }
  await ssm.send(new CreateDocumentCommand({ Name: 'Mine', Content: CONTENT, DocumentType: 'Command' }))
  const trust = { Effect: 'Allow', Principal: { Service: 'ssm.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: trust })
  for (const RoleName of ['Node', 'Admin']) {
    await server.client(IAMClient).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  }
  const nodes: string[] = []
  for (const Value of ['dev', 'prod']) {
    const { id } = await FakeNode.enrol(server)
    const tag = { ResourceType: 'ManagedInstance' as const, ResourceId: id, Tags: [{ Key: 'env', Value }] }
    await ssm.send(new AddTagsToResourceCommand(tag))
    nodes.push(id)
  }
  return { dev: nodes[0]!, prod: nodes[1]! }
}

/** The sentence of the refusal, if it is one. */
async function refused(server: TestServer, key: UserKey, name: CallName, things: Things): Promise<string | undefined> {
  const [action, input] = CALLS[name]
  const [service, operation] = action.split(':') as [string, string]
  const model = loadService(service)!.operation(operation)!
  const answer = await rawCall(server, { service, credentials: key, ...sentInput(model, input(things)) })
  if (!/AccessDenied/.test(answer.text)) return undefined
  return String(answer.json.message ?? answer.json.Message ?? answer.text)
}
