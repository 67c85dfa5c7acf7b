import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddTagsToResourceCommand,
  DescribeSessionsCommand,
  ResumeSessionCommand,
  SSMClient,
  TerminateSessionCommand,
} from '@aws-sdk/client-ssm'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { startServer, type TestServer } from '@steward/testkit'
import {
  ADMINISTRATOR,
  allowing,
  aRole,
  aUser,
  keysOf,
  stsOf,
  trusting,
} from '#capabilities/identity/testing/account.ts'
import { aUser as aTaggedUser } from '#iam/testing/a-user.ts'
import { preferences, SessionNode, started } from './testing/session-node.ts'

const ACCOUNT = '000000000000'
const NODES = 'arn:aws:ssm:*:*:managed-instance/*'
const SHELL = `arn:aws:ssm:*:${ACCOUNT}:document/SSM-SessionManagerRunShell`
const FORWARDING = 'arn:aws:ssm:*::document/AWS-StartPortForwardingSession'
const CHECKED = { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } }
const denied = { name: 'AccessDeniedException' }

const start = (Resource: string | string[], Condition?: object) =>
  ({ Action: 'ssm:StartSession', Resource, ...(Condition && { Condition }) }) as never

test('SM-19 a named document must be allowed, the default one only if the policy asks for it', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const user = (name: string, ...statements: never[]) => aUser(server, name, { policy: allowing(...statements) })
  const shell = { Target: node.id }
  const forward = { Target: node.id, DocumentName: 'AWS-StartPortForwardingSession' }

  const nodesOnly = await user('nodes-only', start(NODES))
  await started(server, shell, nodesOnly)
  await assert.rejects(started(server, forward, nodesOnly), {
    ...denied,
    message: /ssm:StartSession on resource: arn:aws:ssm:us-east-1::document\/AWS-StartPortForwardingSession/,
  })

  const checked = await user('checked', start([NODES, FORWARDING], CHECKED))
  await started(server, forward, checked)
  await assert.rejects(started(server, shell, checked), {
    ...denied,
    message: /on resource: arn:aws:ssm:us-east-1:000000000000:document\/SSM-SessionManagerRunShell/,
  })
  await started(server, shell, await user('checked-shell', start([NODES, SHELL], CHECKED)))
  await assert.rejects(started(server, shell, await user('documents-only', start([SHELL, FORWARDING]))), denied)
})

test('SM-19 policies restrict sessions to nodes with a tag', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const tagged = { StringLike: { 'ssm:resourceTag/team': ['blue'] } }
  const user = await aUser(server, 'blue', { policy: allowing(start(NODES, tagged)) })
  await assert.rejects(started(server, { Target: node.id }, user), denied)
  const Tags = [{ Key: 'team', Value: 'blue' }]
  const tag = new AddTagsToResourceCommand({ ResourceType: 'ManagedInstance', ResourceId: node.id, Tags })
  await server.client(SSMClient).send(tag)
  await started(server, { Target: node.id }, user)
})

const ends = (server: TestServer, credentials: never, SessionId: string) =>
  server.client(SSMClient, { credentials }).send(new TerminateSessionCommand({ SessionId }))

test('SM-19 users end and resume their own sessions only, by name, by id, or by the tag of the session', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const Action = ['ssm:TerminateSession', 'ssm:ResumeSession']
  const own = {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of policies
    name: { Action, Resource: 'arn:aws:ssm:*:*:session/${aws:username}-*' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of policies
    id: { Action, Resource: 'arn:aws:ssm:*:*:session/${aws:userid}-*' },
    tag: {
      Action,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of policies
      Condition: { StringLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': ['${aws:userid}'] } },
    },
  }
  for (const [how, statement] of Object.entries(own)) {
    const alice = await aUser(server, `alice-${how}`, { policy: allowing(start(NODES), statement) })
    const bob = await aUser(server, `bob-${how}`, { policy: allowing(start(NODES), statement) })
    const { sessionId } = await started(server, { Target: node.id }, alice)
    assert.match(sessionId, new RegExp(`^alice-${how}-[0-9a-z]{17}$`))
    const resume = (credentials: typeof alice) =>
      server.client(SSMClient, { credentials }).send(new ResumeSessionCommand({ SessionId: sessionId }))
    await assert.rejects(resume(bob), denied)
    await assert.rejects(ends(server, bob as never, sessionId), denied)
    assert.ok((await resume(alice)).TokenValue)
    await ends(server, alice as never, sessionId)
  }
})

test('SM-19 who assumed a role owns sessions by the name of the role’s session', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const statement = {
    Action: ['ssm:TerminateSession'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of policies
    Condition: { StringLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': ['${aws:userid}'] } },
  }
  const someone = await aUser(server, 'someone', { managed: [ADMINISTRATOR] })
  const role = await aRole(server, 'operator', trusting({ AWS: `arn:aws:iam::${ACCOUNT}:root` }), {
    policy: allowing(start(NODES), statement),
  })
  const as = async (RoleSessionName: string) =>
    keysOf(await stsOf(server, someone).send(new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName })))
  const jane = await as('jane@example.com')
  const { sessionId } = await started(server, { Target: node.id }, jane)
  assert.match(sessionId, /^jane@example\.com-[0-9a-z]{17}$/)
  await assert.rejects(ends(server, (await as('joe')) as never, sessionId), denied)
  await ends(server, jane as never, sessionId)
  const { Sessions } = await server.client(SSMClient).send(new DescribeSessionsCommand({ State: 'History' }))
  assert.equal(Sessions![0]!.Owner, `arn:aws:sts::${ACCOUNT}:assumed-role/operator/jane@example.com`)
})

test('SM-07 the tag SSMSessionRunAs of the caller says as whom, where preferences switch run-as on', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const tags = [{ Key: 'SSMSessionRunAs', Value: 'deploy' }]
  const statements = [{ Effect: 'Allow', Action: 'ssm:StartSession', Resource: '*' }]
  const user = await aTaggedUser(server, 'tagged', { statements, tags })
  await started(server, { Target: node.id }, user)
  assert.equal((await node.start(1)).runAsUser, '')
  await preferences(server, { runAsEnabled: true, runAsDefaultUser: 'guest' })
  await started(server, { Target: node.id }, user)
  assert.equal((await node.start(2)).runAsUser, 'deploy')
  await started(server, { Target: node.id })
  assert.equal((await node.start(3)).runAsUser, '', 'the preferences have the say')
})
