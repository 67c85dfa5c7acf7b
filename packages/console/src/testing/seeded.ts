/**
 * A server with something on every page of the console. Wherever a machine or a stranger can write, stand words that would do harm
 * if they were more than text; and what a limited user must not come to know has the word {@link SECRET} in it.
 */
import { EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  CreateActivationCommand,
  CreateAssociationCommand,
  CreateDocumentCommand,
  PutComplianceItemsCommand,
  PutInventoryCommand,
  PutParameterCommand,
  SendCommandCommand,
  SSMClient,
  StartSessionCommand,
} from '@aws-sdk/client-ssm'
import { EvidenceClient } from '@steward/server/capabilities/evidence/testing/evidence-client.ts'
import { FakeNode } from '@steward/server/capabilities/nodes/testing/fake-node.ts'
import { Groups } from '@steward/server/capabilities/resource-groups/testing/groups-client.ts'
import { jsonCall } from '@steward/server/door/testing/raw-call.ts'
import type { TestServer } from '@steward/testkit'

export const SECRET = 'marigold'

/** A formula, mark-up that would run, a change of the direction of writing. */
const HOSTILE = `=1+1<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>\u202e${SECRET}`
const WITHOUT_END = 'x'.repeat(180)

const ALLOW_ALL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: SECRET, Effect: 'Allow', Action: '*', Resource: '*' }],
})

/** The name of a page, for screenshots, and its address in the console. */
export interface PageAddress {
  readonly name: string
  readonly path: string
}

/** Fills the server; answers the addresses of all pages. */
export async function fill(server: TestServer): Promise<readonly PageAddress[]> {
  const node = await aNode(server)
  const commandId = await aCommand(server, node)
  const questionId = await aQuestion(server)
  const associationId = await anAssociation(server)
  await anInventory(server, node)
  const sessionId = await aSession(server, node)
  await aMachineThatWaits(server)
  const keyId = await aKey(server)
  const reportId = await aReport(server)
  await Promise.all([
    parameters(server),
    documents(server),
    access(server),
    rules(server),
    compliance(server, node),
    groups(server),
  ])
  await server.settle()
  return [
    ...fixed,
    { name: 'node', path: `/nodes/${node}` },
    { name: 'node-compliance', path: `/nodes/${node}?tab=compliance` },
    { name: 'command', path: `/commands/${commandId}` },
    { name: 'command-node', path: `/commands/${commandId}/${node}` },
    { name: 'inventory-ask', path: `/inventory/ask?command=${questionId}` },
    { name: 'association', path: `/associations/${associationId}` },
    { name: 'association-edit', path: `/associations/${associationId}/edit` },
    { name: 'node-state', path: `/nodes/${node}?tab=state` },
    { name: 'node-inventory', path: `/nodes/${node}?tab=inventory` },
    { name: 'session', path: `/sessions/${sessionId}` },
    { name: 'key', path: `/keys/show?key=${keyId}` },
    { name: 'evidence-report', path: `/compliance/evidence/${reportId}` },
  ]
}

const fixed: readonly PageAddress[] = [
  { name: 'home', path: '/' },
  { name: 'nodes', path: '/nodes' },
  { name: 'nodes-add', path: '/nodes/add' },
  { name: 'activations', path: '/nodes/activations' },
  { name: 'enrolment', path: '/nodes/enrolment' },
  { name: 'commands', path: '/commands' },
  { name: 'commands-run', path: '/commands/run' },
  { name: 'associations', path: '/associations' },
  { name: 'associations-new', path: '/associations/new' },
  { name: 'inventory', path: '/inventory' },
  { name: 'inventory-type', path: '/inventory/show?type=AWS:Application' },
  { name: 'inventory-nodes', path: '/inventory/show?type=Custom:RackInfo&by=node' },
  { name: 'inventory-changes', path: '/inventory/changes' },
  { name: 'inventory-query', path: '/inventory/query?q=select+*+from+application' },
  { name: 'inventory-syncs', path: '/inventory/syncs' },
  { name: 'documents', path: '/documents' },
  { name: 'documents-new', path: '/documents/new' },
  { name: 'document', path: '/documents/show?name=Restart' },
  { name: 'document-edit', path: '/documents/edit?name=Restart' },
  { name: 'sessions', path: '/sessions' },
  { name: 'compliance', path: '/compliance?by=tag:owner' },
  { name: 'compliance-type', path: '/compliance/show?type=Custom:Disk' },
  { name: 'compliance-items', path: '/compliance/show?type=Custom:Disk&tab=items' },
  { name: 'evidence', path: '/compliance/evidence' },
  { name: 'evidence-schedules', path: '/compliance/evidence?tab=schedules' },
  { name: 'groups', path: '/groups' },
  { name: 'groups-new', path: '/groups/new' },
  { name: 'group', path: '/groups/show?name=everything' },
  { name: 'group-members', path: '/groups/show?name=everything&tab=members' },
  { name: 'group-edit', path: '/groups/edit?name=everything' },
  { name: 'group-query', path: '/groups/show?name=by-inventory&tab=query' },
  { name: 'group-edit-inventory', path: '/groups/edit?name=by-inventory' },
  { name: 'tags', path: '/tags' },
  { name: 'parameters', path: '/parameters' },
  { name: 'parameters-new', path: '/parameters/new' },
  { name: 'parameters-shared', path: '/parameters?whose=shared' },
  { name: 'parameters-secrets', path: '/parameters?whose=secrets' },
  { name: 'parameter-secret', path: '/parameters/show?name=/aws/reference/secretsmanager/db' },
  { name: 'parameters-public', path: '/parameters?path=/aws/service' },
  { name: 'parameter', path: '/parameters/show?name=/app/colour' },
  { name: 'parameter-edit', path: '/parameters/edit?name=/app/colour' },
  { name: 'keys', path: '/keys' },
  { name: 'keys-new', path: '/keys/new' },
  { name: 'access', path: '/access' },
  { name: 'access-users', path: '/access/users' },
  { name: 'access-user', path: '/access/user?name=ann' },
  { name: 'access-groups', path: '/access/groups' },
  { name: 'access-group', path: '/access/group?name=operators' },
  { name: 'access-roles', path: '/access/roles' },
  { name: 'access-role', path: '/access/role?name=Deployer' },
  { name: 'access-create-role', path: '/access/create-role' },
  { name: 'access-policies', path: '/access/policies' },
  { name: 'access-policy', path: '/access/policy?arn=arn:aws:iam::000000000000:policy/Everything' },
  { name: 'access-edit-policy', path: '/access/edit-policy?arn=arn:aws:iam::000000000000:policy/Everything' },
  { name: 'access-providers', path: '/access/providers' },
  { name: 'access-simulator', path: '/access/simulator' },
  { name: 'access-signed-in', path: '/access/signed-in' },
  { name: 'audit', path: '/audit' },
  { name: 'audit-verify', path: '/audit/verify' },
  { name: 'events', path: '/events' },
  { name: 'events-create', path: '/events/create' },
  { name: 'events-rule', path: '/events/rule?name=everything' },
  { name: 'events-rule-edit', path: '/events/edit?name=everything' },
  { name: 'settings', path: '/settings' },
]

/** Online, with a name that was meant to do harm; another that has a very long one. */
async function aNode(server: TestServer): Promise<string> {
  const tags = { env: '=1+1', owner: SECRET }
  const [node, other] = await server.fakeNodes(2, { tags })
  await node!.updateInformation({ ComputerName: HOSTILE.slice(0, 200), PlatformName: `<b>${SECRET}</b>` })
  await other!.updateInformation({ ComputerName: WITHOUT_END })
  for (const one of [node!, other!])
    one.autoRun(({ content }) => {
      const row = { [SECRET]: HOSTILE, user: WITHOUT_END, command: '\u001b[31mred' }
      if (content.includes(QUESTION)) return { stdout: `${JSON.stringify(row)}\n`, stderr: HOSTILE }
      return {
        stdout: `${HOSTILE}\u001b]0;title\u0007\u001b[31m\n${WITHOUT_END}\n`,
        stderr: HOSTILE,
        code: 3,
      }
    })
  await server.client(SSMClient).send(new CreateActivationCommand({ IamRole: 'Node', Description: HOSTILE }))
  return node!.id
}

/** Names of machines that register have no characters that steer. */
async function aMachineThatWaits(server: TestServer): Promise<void> {
  const asked = { IamRole: 'Node', Description: HOSTILE, NeedsApproval: true }
  const { json } = await jsonCall(server, 'Steward.CreateEnrolmentKey', asked, { service: 'steward' })
  const key = { id: json.ActivationId as string, code: json.ActivationCode as string }
  const node = new FakeNode(server)
  const names = [HOSTILE.replace('\u202e', ''), `${WITHOUT_END}-${SECRET}`]
  for (const ComputerName of names) await new FakeNode(server, node.key).register(key, { ComputerName })
}

async function anAssociation(server: TestServer): Promise<string> {
  const { AssociationDescription } = await server.client(SSMClient).send(
    new CreateAssociationCommand({
      Name: 'AWS-RunShellScript',
      AssociationName: SECRET,
      Parameters: { commands: [HOSTILE] },
      Targets: [{ Key: 'InstanceIds', Values: ['*'] }],
      ScheduleExpression: 'rate(30 minutes)',
    }),
  )
  return AssociationDescription!.AssociationId!
}

async function aCommand(server: TestServer, node: string): Promise<string> {
  const { Command } = await server.client(SSMClient).send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      Targets: [{ Key: 'tag:owner', Values: [SECRET] }],
      Parameters: { commands: [`echo '${HOSTILE}'`] },
      Comment: HOSTILE.slice(0, 100),
    }),
  )
  await server.settle()
  return Command?.CommandId ?? node
}

const QUESTION = 'Steward-LiveQuery'

async function aQuestion(server: TestServer): Promise<string> {
  const { Command } = await server.client(SSMClient).send(
    new SendCommandCommand({
      DocumentName: QUESTION,
      Targets: [{ Key: 'tag:owner', Values: [SECRET] }],
      Parameters: { Fact: ['file-hash'], Path: [`/${HOSTILE}`] },
    }),
  )
  await server.settle()
  return Command!.CommandId!
}

/** Reported twice, so that something changed. */
async function anInventory(server: TestServer, InstanceId: string): Promise<void> {
  const ssm = server.client(SSMClient)
  const item = { SchemaVersion: '1.1', CaptureTime: '2026-11-21T10:00:00Z' }
  for (const Version of ['1.0', HOSTILE]) {
    const Content = [
      { Name: HOSTILE, Version },
      { Name: WITHOUT_END, Version },
    ]
    const rack = [{ Row: HOSTILE, Unit: SECRET }]
    const Items = [
      { ...item, TypeName: 'AWS:Application', Content },
      { ...item, SchemaVersion: '1.0', TypeName: 'Custom:RackInfo', Content: rack },
    ]
    await ssm.send(new PutInventoryCommand({ InstanceId, Items }))
  }
  const saved = { Name: HOSTILE.slice(0, 128), Query: `select '${HOSTILE} ${WITHOUT_END}'` }
  await jsonCall(server, 'Steward.SaveInventoryQuery', saved, { service: 'steward' })
}

async function aSession(server: TestServer, Target: string): Promise<string> {
  const { SessionId } = await server.client(SSMClient).send(new StartSessionCommand({ Target, Reason: HOSTILE }))
  return SessionId!
}

async function aKey(server: TestServer): Promise<string> {
  const { KeyMetadata } = await server.client(KMSClient).send(new CreateKeyCommand({ Description: HOSTILE }))
  return KeyMetadata!.KeyId!
}

async function parameters(server: TestServer): Promise<void> {
  const ssm = server.client(SSMClient)
  const put = (Name: string, Type: 'String' | 'SecureString') =>
    ssm.send(new PutParameterCommand({ Name, Type, Value: HOSTILE, Description: HOSTILE }))
  await put('/app/colour', 'String')
  await put('/app/password', 'SecureString')
}

async function documents(server: TestServer): Promise<void> {
  const content = {
    schemaVersion: '2.2',
    description: HOSTILE,
    parameters: { service: { type: 'String', description: HOSTILE, default: SECRET } },
    mainSteps: [{ action: 'aws:runShellScript', name: 'restart', inputs: { runCommand: [`echo ${SECRET}`] } }],
  }
  await server
    .client(SSMClient)
    .send(new CreateDocumentCommand({ Name: 'Restart', DocumentType: 'Command', Content: JSON.stringify(content) }))
}

async function compliance(server: TestServer, ResourceId: string): Promise<void> {
  const Details = { DetailedText: HOSTILE, DocumentName: WITHOUT_END }
  await server.client(SSMClient).send(
    new PutComplianceItemsCommand({
      ...{ ResourceId, ResourceType: 'ManagedInstance', ComplianceType: 'Custom:Disk' },
      ExecutionSummary: { ExecutionTime: new Date(), ExecutionType: SECRET },
      Items: [
        { Id: WITHOUT_END, Title: HOSTILE, Severity: 'CRITICAL', Status: 'NON_COMPLIANT', Details },
        { Id: 'room', Title: WITHOUT_END, Severity: 'LOW', Status: 'COMPLIANT' },
      ],
    }),
  )
}

async function aReport(server: TestServer): Promise<string> {
  const evidence = new EvidenceClient(server)
  const { ReportId } = await evidence.make({ Name: HOSTILE.slice(0, 128) })
  await evidence.call('SignEvidenceReport', { ReportId, Statement: 'Rejected', Comment: HOSTILE + WITHOUT_END })
  await evidence.call('PutEvidenceSchedule', { Name: SECRET, ScheduleExpression: 'rate(1 day)' })
  return ReportId
}

async function groups(server: TestServer): Promise<void> {
  const Query = JSON.stringify({ ResourceTypeFilters: ['AWS::AllSupported'], TagFilters: [{ Key: 'owner' }] })
  const ResourceQuery = { Type: 'TAG_FILTERS_1_0', Query } as const
  const Tags = { owner: SECRET }
  const client = new Groups(server)
  await client.call('CreateGroup', { Name: 'everything', Description: SECRET, ResourceQuery, Tags })
  const InventoryFilters = [{ Key: 'AWS:Application.Name', Values: [HOSTILE, WITHOUT_END] }]
  const byInventory = { Type: 'STEWARD_INVENTORY_1_0', Query: JSON.stringify({ InventoryFilters }) } as const
  await client.call('CreateGroup', { Name: 'by-inventory', ResourceQuery: byInventory })
}

async function access(server: TestServer): Promise<void> {
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'ann', Tags: [{ Key: 'team', Value: SECRET }] }))
  await iam.send(new CreateGroupCommand({ GroupName: 'operators', Path: '/teams/' }))
  await iam.send(
    new CreatePolicyCommand({ PolicyName: 'Everything', PolicyDocument: ALLOW_ALL, Description: `For ${SECRET}` }),
  )
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'sts:AssumeRole' }],
  })
  await iam.send(
    new CreateRoleCommand({ RoleName: 'Deployer', AssumeRolePolicyDocument, Description: `For ${SECRET}` }),
  )
}

async function rules(server: TestServer): Promise<void> {
  const EventPattern = JSON.stringify({ source: ['aws.ssm'] })
  const events = server.client(EventBridgeClient)
  await events.send(new PutRuleCommand({ Name: 'everything', EventPattern, Description: HOSTILE }))
}
