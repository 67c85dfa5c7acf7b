/** Documents that bring nodes into a state, from the SDK to real agents and the real Ansible and Puppet where they are installed. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  type ComplianceItem,
  CreateAssociationCommand,
  DescribeAssociationCommand,
  ListCommandInvocationsCommand,
  ListComplianceItemsCommand,
  SendCommandCommand,
} from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { type Agent, Installation } from './installation.ts'
import { untilInvocation } from './run-command.ts'

const WITHIN_MS = 30_000

type Parameters = Record<string, string[]>

/** An installation with a node, and a folder whose files the node is to manage. */
async function bench() {
  const steward = await Installation.start()
  const [agent] = (await steward.startAgents(1)) as [Agent]
  const folder = join(steward.folder, 'managed')
  mkdirSync(folder)
  const run = async (DocumentName: string, Parameters: Parameters, status = 'Success') => {
    const { Command } = await steward.ssm.send(
      new SendCommandCommand({ DocumentName, Parameters, InstanceIds: [agent.id] }),
    )
    const ended = await untilInvocation(steward.ssm, Command!.CommandId!, agent, 'Success', 'Failed')
    const { CommandInvocations } = await steward.ssm.send(
      new ListCommandInvocationsCommand({ CommandId: ended.CommandId!, Details: true }),
    )
    const told = CommandInvocations![0]!.CommandPlugins!.map(({ Output }) => Output).join('\n')
    assert.equal(ended.StatusDetails, status, told)
    assert.doesNotMatch(told, /was not reported/)
    return told
  }
  const close = () => steward[Symbol.asyncDispose]()
  return { steward, agent, folder, run, [Symbol.asyncDispose]: close }
}

/** What compliance says of the node: the verdict and the state of every item. */
async function reported({ steward, agent }: { steward: Installation; agent: Agent }, type: string) {
  const Filters = [{ Key: 'ComplianceType', Values: [type] }]
  const { ComplianceItems } = await steward.ssm.send(
    new ListComplianceItemsCommand({ ResourceIds: [agent.id], ResourceTypes: ['ManagedInstance'], Filters }),
  )
  return ComplianceItems!
}

const verdicts = (items: ComplianceItem[]) => Object.fromEntries(items.map((item) => [item.Id!, item.Status!]))

/** Everything below a folder that a change would show in. */
function pictureOf(folder: string): unknown[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { mode, mtimeMs, ino, size } = statSync(join(folder, name))
      return [name, mode, mtimeMs, ino, size]
    })
}

/** Agents make `$` of `$$` in text, so that is written otherwise. */
const resources = (...list: object[]) => ({
  Resources: list.map((one) => JSON.stringify(one).replaceAll('$$', '\\u0024\\u0024')),
})

test('STM-24 a check reports drift per resource and changes nothing; applying mends it and says so', async () => {
  await using here = await bench()
  const { folder, run } = here
  const [present, wrong, gone] = ['present', "it's wrong", 'gone'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(present, 'as it is')
  writeFileSync(wrong, 'other')
  chmodSync(wrong, 0o600)
  writeFileSync(gone, '')
  const content = 'line one\n$$ "quoted" \'single\' `id` $(id) \\ é\n'
  const list = resources(
    { file: present, content: 'as it is' },
    { file: wrong, content, mode: '0640' },
    { file: join(folder, 'new'), content: 'new' },
    { file: join(folder, 'sub'), ensure: 'directory', mode: '0750' },
    { file: gone, ensure: 'absent' },
  )
  const before = pictureOf(folder)
  const told = await run('Steward-ApplyDesiredState', { ...list, Check: ['True'] })
  assert.deepEqual(pictureOf(folder), before)
  assert.match(told, /^in state: file .*present$/m)
  assert.match(told, /^drifted: file .*it's wrong: other content, mode 600$/m)
  assert.match(told, /^5 resources: 1 in state, 0 changed, 4 drifted, 0 failed$/m)
  const found = await reported(here, 'Custom:DesiredState')
  assert.deepEqual(verdicts(found), {
    [`file ${present}`]: 'COMPLIANT',
    [`file ${wrong}`]: 'NON_COMPLIANT',
    [`file ${folder}/new`]: 'NON_COMPLIANT',
    [`file ${folder}/sub`]: 'NON_COMPLIANT',
    [`file ${gone}`]: 'NON_COMPLIANT',
  })
  assert.deepEqual(found.find(({ Id }) => Id === `file ${wrong}`)!.Details, {
    State: 'drifted',
    Reason: 'other content, mode 600',
  })

  assert.match(
    await run('Steward-ApplyDesiredState', list),
    /^5 resources: 1 in state, 4 changed, 0 drifted, 0 failed$/m,
  )
  assert.equal(readFileSync(wrong, 'utf8'), content)
  assert.equal(statSync(wrong).mode & 0o777, 0o640)
  assert.equal(statSync(join(folder, 'sub')).mode & 0o777, 0o750)
  assert.ok(!existsSync(gone))
  assert.deepEqual([...new Set(Object.values(verdicts(await reported(here, 'Custom:DesiredState'))))], ['COMPLIANT'])
  assert.match(await run('Steward-ApplyDesiredState', list), /^5 resources: 5 in state, 0 changed/m)
})

test('STM-24 what cannot be brought into its state fails by name, and the rest is done', async () => {
  await using here = await bench()
  const { folder, run } = here
  const list = resources(
    { file: join(folder, 'no', 'such', 'folder') },
    { file: 'relative' },
    { file: folder },
    { file: join(folder, 'fine') },
    { file: join(folder, 'fine') },
    { package: '-o=evil' },
    { file: '/x', color: 'red' },
    { user: 'me' },
  )
  list.Resources.push('{"file": }')
  const told = await run('Steward-ApplyDesiredState', list, 'Failed')
  assert.match(told, /^failed: file .*folder: does not exist: mktemp: .*No such file/m)
  assert.match(told, /^failed: file relative: the path is not absolute$/m)
  assert.match(told, /^failed: file .*managed: something else than a file is there$/m)
  assert.match(told, /^changed: file .*fine: does not exist$/m)
  assert.match(told, /^failed: line 5: file .*fine is listed before$/m)
  assert.match(told, /^failed: package -o=evil: this is no name of a package$/m)
  assert.match(told, /^failed: file \/x: a file has no color$/m)
  assert.match(told, /^failed: line 8: this names neither a file nor a package nor a service$/m)
  assert.match(told, /^failed: line 9: this is not JSON$/m)
  assert.match(told, /^9 resources: 0 in state, 1 changed, 0 drifted, 8 failed$/m)
})

test('STM-24 OW-09 an association that only looks finds what drifted, and its id leads there', async () => {
  await using here = await bench()
  const { steward, agent, folder } = here
  const file = join(folder, 'kept')
  const { AssociationDescription } = await steward.ssm.send(
    new CreateAssociationCommand({
      Name: 'Steward-ApplyDesiredState',
      Targets: [{ Key: 'InstanceIds', Values: [agent.id] }],
      Parameters: { ...resources({ file }, { file: folder, ensure: 'directory' }), Check: ['True'] },
    }),
  )
  const AssociationId = AssociationDescription!.AssociationId!
  const Filters = [
    { Key: 'ExecutionId', Values: [AssociationId] },
    { Key: 'Status', Values: ['NON_COMPLIANT'] },
  ]
  await eventually(async () => {
    const { ComplianceItems } = await steward.ssm.send(new ListComplianceItemsCommand({ Filters }))
    assert.deepEqual(
      ComplianceItems!.map(({ ResourceId, Id }) => [ResourceId, Id]),
      [[agent.id, `file ${file}`]],
    )
  }, WITHIN_MS)
  await eventually(async () => {
    const { AssociationDescription: now } = await steward.ssm.send(new DescribeAssociationCommand({ AssociationId }))
    assert.equal(now!.Overview!.Status, 'Success')
  }, WITHIN_MS)
  assert.ok(!existsSync(file))
})

const hasAnsible = spawnSync('ansible-playbook', ['--version']).status === 0
const hasPuppet = spawnSync('puppet', ['--version']).status === 0

test('E2E-20 Ansible: playbooks from a bucket converge and report; a check changes nothing', {
  skip: !hasAnsible && 'ansible-playbook is not installed here',
}, async () => {
  await using here = await bench()
  const { steward, folder, run } = here
  const target = join(folder, 'motd')
  const playbook = `
- hosts: all
  gather_facts: false
  tasks:
    - name: Greeting is there
      copy: { dest: "${target}", content: "{{ greeting }} from a role\\n", mode: "0640" }
    - include_role: { name: quiet }
`
  const source = await bucketOf(steward, {
    'play/site.yml': playbook,
    'play/roles/quiet/tasks/main.yml': '- name: Nothing is wrong\n  assert: { that: true }\n',
  })
  const parameters = {
    SourceType: ['S3'],
    SourceInfo: [JSON.stringify({ path: `${source}/` })],
    PlaybookFile: ['play/site.yml'],
    ExtraVariables: ['greeting=`id`$HOME other=1'],
  }
  const before = pictureOf(folder)
  await run('AWS-ApplyAnsiblePlaybooks', { ...parameters, Check: ['True'] })
  assert.deepEqual(pictureOf(folder), before)
  assert.deepEqual(verdicts(await reported(here, 'Custom:Ansible')), {
    '1 Greeting is there': 'NON_COMPLIANT',
    '2 quiet : Nothing is wrong': 'COMPLIANT',
    'play/site.yml': 'NON_COMPLIANT',
  })
  await run('AWS-ApplyAnsiblePlaybooks', parameters)
  assert.equal(readFileSync(target, 'utf8'), '`id`$HOME from a role\n')
  await run('AWS-ApplyAnsiblePlaybooks', { ...parameters, Check: ['True'] })
  const found = await reported(here, 'Custom:Ansible')
  assert.deepEqual([...new Set(Object.values(verdicts(found)))], ['COMPLIANT'])
  assert.match(found.find(({ Id }) => Id === 'play/site.yml')!.Details!.Recap!, /^ok=\d+ +changed=0 /)

  const missing = await run('AWS-ApplyAnsiblePlaybooks', { ...parameters, PlaybookFile: ['none.yml'] }, 'Failed')
  assert.match(missing, /There is no none.yml in what was downloaded/)
})

test('E2E-20 Puppet: manifests from Git and by HTTP converge and report; noop changes nothing', {
  skip: !hasPuppet && 'puppet is not installed here',
}, async () => {
  await using here = await bench()
  const { steward, folder, run } = here
  const target = join(folder, 'motd')
  const repository = repositoryOf(steward.folder, {
    'site.pp': `include greeting\nfile { '${folder}/none/x': ensure => file }\n`,
    'modules/greeting/manifests/init.pp': `class greeting { file { '${target}': ensure => file, content => "hello\\n" } }`,
  })
  const parameters = { SourceType: ['Git'], SourceInfo: [JSON.stringify({ repository })], ComplianceSeverity: ['High'] }
  const before = pictureOf(folder)
  await run('Steward-ApplyPuppetManifest', { ...parameters, Noop: ['True'] })
  assert.deepEqual(pictureOf(folder), before)
  const drifted = { [`File[${target}]`]: 'NON_COMPLIANT', [`File[${folder}/none/x]`]: 'NON_COMPLIANT' }
  assert.deepEqual(verdicts(await reported(here, 'Custom:Puppet')), drifted)
  await run('Steward-ApplyPuppetManifest', parameters, 'Failed')
  assert.equal(readFileSync(target, 'utf8'), 'hello\n')
  const found = await reported(here, 'Custom:Puppet')
  assert.deepEqual(verdicts(found), { ...drifted, [`File[${target}]`]: 'COMPLIANT', 'site.pp': 'NON_COMPLIANT' })
  assert.deepEqual(
    found.map(({ Severity, Details }) => [Severity, Details!.State ?? Details!.ExitCode]),
    [
      ['HIGH', 'changed'],
      ['HIGH', 'failed'],
      ['HIGH', '6'],
    ],
  )

  await using web = await served(`file { '${target}': ensure => file, content => "by HTTP\\n" }`)
  const SourceInfo = [JSON.stringify({ url: `${web.url}/anything`, allowInsecureDownload: true })]
  await run('Steward-ApplyPuppetManifest', { SourceType: ['HTTP'], SourceInfo })
  assert.equal(readFileSync(target, 'utf8'), 'by HTTP\n')
  assert.deepEqual(verdicts(await reported(here, 'Custom:Puppet')), { [`File[${target}]`]: 'COMPLIANT' })
})

/** The address of a new bucket that everybody may read, with these files. */
async function bucketOf({ url, region, rootKey }: Installation, files: Record<string, string>): Promise<string> {
  const s3 = new S3Client({ endpoint: url, region, credentials: rootKey, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: 'sources' }))
  const allowed = { Effect: 'Allow', Principal: '*', Action: ['s3:ListBucket', 's3:GetObject'] }
  const Resource = ['arn:aws:s3:::sources', 'arn:aws:s3:::sources/*']
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...allowed, Resource }] })
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'sources', Policy }))
  for (const [Key, Body] of Object.entries(files)) await s3.send(new PutObjectCommand({ Bucket: 'sources', Key, Body }))
  s3.destroy()
  return `${url}/sources`
}

function repositoryOf(folder: string, files: Record<string, string>): string {
  const repository = join(folder, 'repository')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, name)), { recursive: true })
    writeFileSync(join(repository, name), text)
  }
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=n', '-c', 'user.email=e', ...words])
  git('init', '-q')
  git('add', '.')
  git('commit', '-q', '-m', 'first')
  return repository
}

async function served(text: string) {
  const server = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => void server.close()
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: close }
}
