import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sameAgain, sendCommandText } from '../send-command.ts'
import { declarationsOf, faultOf, suppliedParameters } from './parameter-rules.ts'
import { chosenEvents, faultsOf, formFromCommand, formFromSearch, requestOf, searchOf } from './run-form.ts'

const CONTENT = JSON.stringify({
  schemaVersion: '2.2',
  parameters: {
    commands: { type: 'StringList', description: 'Lines.', minItems: 1 },
    count: { type: 'Integer', default: 3 },
    mode: { type: 'String', default: 'fast', allowedValues: ['fast', 'safe'] },
    name: { type: 'String', default: '', allowedPattern: '[a-z]*', maxChars: 5 },
    labels: { type: 'StringMap', default: {} },
  },
})
const declarations = declarationsOf(CONTENT)
const find = (name: string) => declarations.find((one) => one.name === name)!

test('RC-06 values are checked as the server checks them', () => {
  assert.match(faultOf(find('commands'), ' ') ?? '', /needs a value/)
  assert.equal(faultOf(find('commands'), 'one\ntwo'), undefined)
  assert.match(faultOf(find('count'), 'three') ?? '', /whole number/)
  assert.match(faultOf(find('mode'), 'slow') ?? '', /allowed/)
  assert.match(faultOf(find('name'), 'UP') ?? '', /match/)
  assert.match(faultOf(find('name'), 'abcdef') ?? '', /5 characters/)
  assert.equal(faultOf(find('name'), ''), undefined)
  assert.equal(faultOf(find('name'), '{{ ssm:/app/name }}'), undefined)
  assert.match(faultOf(find('labels'), '[1]') ?? '', /object/)
})

test('RC-06 only what differs from the defaults is sent, lists line by line', () => {
  const texts = { commands: 'echo one\n\necho two\n\n', count: '3', mode: 'safe' }
  assert.deepEqual(suppliedParameters(declarations, texts), {
    commands: ['echo one', '', 'echo two'],
    mode: ['safe'],
  })
})

test('RC-27 the address keeps the document and the targets', () => {
  for (const address of [
    'document=AWS-RunShellScript&version=2&nodes=mi-1%2Cmi-2',
    'document=Mine&on=tags&tag=role%3Dweb%2Cdb&tag=owner%3D',
  ]) {
    assert.equal(searchOf(formFromSearch(new URLSearchParams(address))).toString(), address)
  }
})

test('RC-27 a tag without values means the tag with any value', () => {
  const form = formFromSearch(new URLSearchParams('document=Mine&tag=role=web, db&tag=owner'))
  assert.deepEqual(requestOf(form, []).Targets, [
    { Key: 'tag:role', Values: ['web', 'db'] },
    { Key: 'tag-key', Values: ['owner'] },
  ])
  assert.deepEqual(faultsOf(form, []), {})
  assert.deepEqual(Object.keys(faultsOf({ ...form, tags: [], timeout: '10' }, declarations)), [
    'targets',
    'timeout',
    'parameter commands',
  ])
})

test('RC-27 a copied command asks for the same, and so does its text', () => {
  const command = {
    DocumentName: 'AWS-RunShellScript',
    DocumentVersion: '$DEFAULT',
    Targets: [{ Key: 'tag:role', Values: ['web'] }],
    Parameters: { commands: ["echo 'a b'", 'true'] },
    Comment: 'Look',
    TimeoutSeconds: 60,
    MaxConcurrency: '10%',
    MaxErrors: '1',
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
  }
  const request = requestOf(formFromCommand(command), declarations)
  const { DocumentVersion: _version, ...rest } = sameAgain(command)
  const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  assert.deepEqual(request, defined)
  assert.equal(
    sendCommandText(request).replaceAll(' \\\n  ', ' '),
    `aws ssm send-command --document-name AWS-RunShellScript --targets '[{"Key":"tag:role","Values":["web"]}]'` +
      ` --parameters '{"commands":["echo '\\''a b'\\''","true"]}' --comment Look --timeout-seconds 60` +
      ` --max-concurrency 10% --max-errors 1`,
  )
})

test('RC-05 a copied command keeps whom it notifies, and the same is said to the AWS CLI', () => {
  const NotificationConfig = {
    NotificationArn: 'arn:aws:sns:us-east-1:000000000000:rollouts',
    NotificationEvents: ['Failed' as const, 'TimedOut' as const],
    NotificationType: 'Invocation' as const,
  }
  const ServiceRole = 'arn:aws:iam::000000000000:role/notify'
  const form = formFromCommand({ DocumentName: 'Mine', InstanceIds: ['mi-1'], NotificationConfig, ServiceRole })
  assert.deepEqual(faultsOf(form, []), {})
  const request = requestOf(form, [])
  assert.deepEqual(request.NotificationConfig, NotificationConfig)
  assert.equal(request.ServiceRoleArn, ServiceRole)
  const text = sendCommandText(request)
  assert.match(text, /--service-role-arn arn:aws:iam::000000000000:role\/notify/)
  assert.match(
    text,
    /--notification-config '\{"NotificationArn":".*:rollouts","NotificationEvents":\["Failed","TimedOut"\]/,
  )
})

test('RC-05 a command notifies nobody unless it is asked to, and then needs a topic, events and a role', () => {
  const none = formFromCommand({
    DocumentName: 'Mine',
    InstanceIds: ['mi-1'],
    NotificationConfig: { NotificationArn: '', NotificationEvents: [] },
  })
  assert.equal('NotificationConfig' in requestOf(none, []), false)
  assert.equal('ServiceRoleArn' in requestOf(none, []), false)
  const asked = { ...none, notifies: true }
  assert.deepEqual(Object.keys(faultsOf(asked, [])), ['topic', 'role'])
  const wrong = { topic: 'rollouts', role: 'notify', events: [], type: 'Command' as const }
  assert.deepEqual(Object.keys(faultsOf({ ...asked, notifications: wrong }, [])), ['topic', 'role', 'events'])
})

test('RC-05 every state is chosen as one, or some by themselves', () => {
  assert.deepEqual(chosenEvents(['Failed'], ['Failed', 'All']), ['All'])
  assert.deepEqual(chosenEvents(['All'], ['All', 'Failed']), ['Failed'])
  assert.deepEqual(chosenEvents(['Failed'], []), [])
})

test('T-06 a resource group, or every node by one, is a target; copies and addresses keep it', () => {
  const group = formFromSearch(new URLSearchParams('document=Mine&on=group&group=web'))
  assert.deepEqual(requestOf(group, []).Targets, [{ Key: 'resource-groups:Name', Values: ['web'] }])
  assert.equal(searchOf(group).toString(), 'document=Mine&on=group&group=web')
  assert.deepEqual(Object.keys(faultsOf({ ...group, group: '' }, [])), ['targets'])
  const every = formFromSearch(new URLSearchParams('document=Mine&on=every'))
  assert.deepEqual(requestOf(every, []).Targets, [{ Key: 'resource-groups:Name', Values: ['every-node'] }])
  assert.equal(searchOf(every).toString(), 'document=Mine&on=every')
  const copy = (name: string) => formFromCommand({ Targets: [{ Key: 'resource-groups:Name', Values: [name] }] })
  assert.partialDeepStrictEqual(copy('arn:aws:resource-groups:us-east-1:000000000000:group/web'), {
    kind: 'group',
    group: 'web',
  })
  assert.equal(copy('every-node').kind, 'every')
})
