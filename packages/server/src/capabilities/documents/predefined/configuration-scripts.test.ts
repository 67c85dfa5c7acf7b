/** The scripts of documents that bring nodes into a state, with stand-ins for the programs that a machine for tests does not have. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { test } from 'node:test'
import { signRequest } from '@steward/protocol/signature.ts'
import { SHELLS, scriptOf } from './testing/agent-script.ts'

type Sent = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}
type Item = { Id: string; Status: string; Severity: string; Details: Record<string, string> }

const CREDENTIALS = { accessKeyId: 'ASIATEST', secretAccessKey: 'se/cr+et==', sessionToken: 'to/ken+=' }

/** A node: a folder with programs that go before those of the machine, and a server that takes what it is sent. */
async function node(programs: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'steward-scripts-'))
  const sent: Sent[] = []
  const server = createServer(async (request, response) => {
    sent.push({ method: request.method!, url: request.url!, headers: request.headers, body: await buffer(request) })
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const credentials = join(folder, 'credentials')
  const { accessKeyId, secretAccessKey, sessionToken } = CREDENTIALS
  const lines = [`aws_access_key_id     = ${accessKeyId}`, `aws_secret_access_key=${secretAccessKey}`]
  lines.push(`aws_session_token = ${sessionToken}`, `endpoint_url = ${url}`, '[other]', 'aws_access_key_id = NO')
  await writeFile(credentials, `[default]\n${lines.join('\n')}\n`)
  await mkdir(join(folder, 'bin'))
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }

  /** Runs a document's script where it would find its sources. */
  async function run(name: string, parameters: Record<string, string[]>, shell: string[] = SHELLS[0]!) {
    const script = join(folder, '_script.sh')
    await writeFile(script, scriptOf(name, parameters))
    const [program, ...words] = shell
    const child = spawn(program!, [...words, script], {
      cwd: folder,
      env: {
        PATH: `${folder}/bin:${process.env.PATH}`,
        HOME: folder,
        STATE: folder,
        AWS_SSM_INSTANCE_ID: 'mi-1',
        SSM_COMMAND_ID: 'run-1',
        AWS_SSM_REGION_NAME: 'eu-west-1',
        AWS_SHARED_CREDENTIALS_FILE: credentials,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { out, err, code }
  }
  const close = async () => {
    server.close()
    await rm(folder, { recursive: true })
  }
  return { folder, url, sent, run, [Symbol.asyncDispose]: close }
}

/** Agents make `$` of `$$` in text, so that is written otherwise. */
const resources = (...list: object[]) => ({
  Resources: list.map((one) => JSON.stringify(one).replaceAll('$$', '\\u0024\\u0024')),
})
const itemsOf = ({ body }: Sent): Item[] => JSON.parse(body.toString()).Items
const statesOf = (sent: Sent) => itemsOf(sent).map(({ Id, Status, Details }) => [Id, Status, Details.State])

for (const shell of SHELLS) {
  test(`STM-24 ${shell.join(' ')} reads any content, and reports with a signature as AWS wants it`, async () => {
    await using here = await node()
    const file = join(here.folder, `it's "here"`)
    const content = 'tab\tquote\' "double" \\ $$ $(id) `id` é 😀 \u0001\n%%\n\n'
    const list = resources({ file, content, mode: '0600' })
    const { code, err } = await here.run('Steward-ApplyDesiredState', { ...list, ComplianceSeverity: ['High'] }, shell)
    assert.deepEqual([code, err], [0, ''])
    assert.equal(await readFile(file, 'utf8'), content)
    const [found, applied] = here.sent as [Sent, Sent]
    assert.deepEqual(statesOf(found), [[`file ${file}`, 'NON_COMPLIANT', 'drifted']])
    assert.deepEqual(statesOf(applied), [[`file ${file}`, 'COMPLIANT', 'changed']])
    assert.equal(itemsOf(applied)[0]!.Severity, 'HIGH')
    const request = JSON.parse(applied.body.toString())
    assert.deepEqual(
      [request.ResourceId, request.ResourceType, request.ComplianceType, request.ExecutionSummary.ExecutionId],
      ['mi-1', 'ManagedInstance', 'Custom:DesiredState', 'run-1'],
    )
    const { authorization, 'x-amz-date': date, 'content-type': type, 'x-amz-target': target } = applied.headers
    const at = String(date).replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5')
    const expected = signRequest(
      {
        method: 'POST',
        url: new URL(here.url),
        headers: { 'content-type': type!, 'x-amz-target': String(target) },
        body: applied.body,
        service: 'ssm',
        region: 'eu-west-1',
        date: new Date(at),
      },
      CREDENTIALS,
    )
    assert.equal(authorization, expected.authorization)
  })
}

/** Packages and services that are files in a folder, told about in the words of Debian. */
const DEBIAN = {
  'dpkg-query': 'for name; do :; done; [ -e "$STATE/package-$name" ] && echo "installed $(cat "$STATE/package-$name")"',
  'apt-get': `echo "$@" >>"$STATE/calls"
    for name; do :; done
    case " $* " in
      *" broken "*) echo "no such package" >&2; exit 100 ;;
      *" remove "*) rm "$STATE/package-$name" ;;
      *" install "*) case $name in *=*) echo "\${name#*=}" >"$STATE/package-\${name%%=*}" ;; *) echo 1.0 >"$STATE/package-$name" ;; esac ;;
    esac`,
  service: `case $2 in
      status) [ -e "$STATE/running-$1" ] ;;
      stop) rm "$STATE/running-$1" ;;
      *) echo "$2 $1" >>"$STATE/calls"; : >"$STATE/running-$1" ;;
    esac`,
  systemctl: `case "$1$2" in
      --quietis-active) [ -e "$STATE/running-$3" ] ;;
      stop*) rm "$STATE/running-$2" ;;
      *) echo "$1 $2" >>"$STATE/calls"; : >"$STATE/running-$2" ;;
    esac`,
}

test('STM-24 packages and services come into their state, and a service starts again after what it depends on', async () => {
  await using here = await node(DEBIAN)
  const file = join(here.folder, 'nginx.conf')
  await writeFile(join(here.folder, 'package-telnet'), '0.1')
  await writeFile(join(here.folder, 'package-curl'), '7.0')
  await writeFile(join(here.folder, 'running-cups'), '')
  await writeFile(join(here.folder, 'running-web'), '')
  const list = resources(
    { package: 'nginx' },
    { package: 'curl', version: '7.1-2' },
    { package: 'telnet', ensure: 'absent' },
    { file, content: 'x' },
    { service: 'nginx' },
    { service: 'cups', ensure: 'stopped' },
    { service: 'web', restartOn: ['other', file] },
    { service: 'idle', ensure: 'stopped' },
  )
  const check = await here.run('Steward-ApplyDesiredState', { ...list, Check: ['True'] })
  assert.match(check.out, /^8 resources: 2 in state, 0 changed, 6 drifted, 0 failed$/m)
  assert.match(check.out, /^drifted: package curl: version 7.0$/m)
  assert.match(check.out, /^drifted: service cups: is running$/m)
  await assert.rejects(readFile(join(here.folder, 'calls')), 'nothing was called')

  const applied = await here.run('Steward-ApplyDesiredState', list)
  assert.match(applied.out, /^8 resources: 1 in state, 7 changed, 0 drifted, 0 failed$/m)
  assert.match(applied.out, /^changed: service web: what it depends on was changed$/m)
  const options = '-q -y -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 --allow-downgrades'
  assert.deepEqual((await readFile(join(here.folder, 'calls'), 'utf8')).trim().split('\n'), [
    `${options} install nginx`,
    `${options} install curl=7.1-2`,
    `${options} remove telnet`,
    'start nginx',
    'restart web',
  ])
  assert.match((await here.run('Steward-ApplyDesiredState', list)).out, /^8 resources: 8 in state/m)

  const broken = await here.run('Steward-ApplyDesiredState', resources({ package: 'broken' }))
  assert.equal(broken.code, 1)
  assert.match(broken.out, /^failed: package broken: is not installed: .*no such package/m)
})

test('CMP-01 nothing is reported when it is not wanted, and a node that cannot report says why and goes on', async () => {
  await using here = await node()
  const list = resources({ file: join(here.folder, 'x'), content: '' })
  for (const [name, value] of Object.entries({ ComplianceSeverity: 'None', ComplianceType: 'Association' })) {
    assert.equal((await here.run('Steward-ApplyDesiredState', { ...list, [name]: [value] })).code, 0)
  }
  assert.deepEqual(here.sent, [])
  await rm(join(here.folder, 'credentials'))
  const { code, err } = await here.run('Steward-ApplyDesiredState', list)
  assert.equal(code, 0)
  assert.match(err, /^The compliance of this node was not reported: .*credentials cannot be read$/m)
})

/** Says what it was given, and what the real one says of two resources. */
const CINC = `[ "$1" = --version ] && echo 'Cinc Client: 18.2.7' && exit
  printf '%s\\n' "$@" >"$STATE/arguments"
  for word; do case $last in --config) cp "$word" "$STATE/client.rb"; xargs cat <"\${word%/*}/attributes" >"$STATE/attributes" ;; esac; last=$word; done
  echo 'Recipe: web::default'
  echo '  * apt_package[nginx] action install (up to date)'
  echo '  * file[/etc/motd] action create'
  echo '    - update content in file /etc/motd from aaaaaa to bbbbbb'
  echo '    --- /etc/motd 2026-11-21'
  echo 'Running handlers:'`

test('OW-06 recipes: the client that is there gets the run list, attributes and arguments; why-run reports drift', async () => {
  await using here = await node({ 'cinc-client': CINC })
  await mkdir(join(here.folder, 'cookbooks'))
  // As it comes by HTTP.
  spawnSync('tar', ['-czf', 'download1a2b', 'cookbooks'], { cwd: here.folder })
  await rm(join(here.folder, 'cookbooks'), { recursive: true })
  await writeFile(join(here.folder, 'base.json'), '{"a":1}')
  const parameters = {
    RunList: ['{"recipe[web::default]", "role[base]"}'],
    JsonAttributesSources: ['base.json'],
    JsonAttributesContent: [`{"b": "it's $HOME",\n "c": 2}`],
    ChefClientArguments: ['{--fips -j4}'],
    WhyRun: ['True'],
    ComplianceSeverity: ['Medium'],
    ComplianceReportBucket: ['reports'],
  }
  const { code, err, out } = await here.run('AWS-ApplyChefRecipes', parameters)
  assert.deepEqual([code, err], [0, ''])
  assert.match(out, /Cinc Client: 18\.2\.7/)
  const words = (await readFile(join(here.folder, 'arguments'), 'utf8')).trim().split('\n')
  assert.deepEqual(
    [words.slice(0, 2), words.slice(3)],
    [
      ['--local-mode', '--config'],
      [
        '--override-runlist',
        'recipe[web::default],role[base]',
        '--format',
        'doc',
        '--log_level',
        'warn',
        '--no-color',
        '--fips',
        '-j4',
        '--why-run',
      ],
    ],
  )
  assert.match(
    await readFile(join(here.folder, 'client.rb'), 'utf8'),
    new RegExp(`cookbook_path '${here.folder}/cookbooks'`),
  )
  assert.equal(
    await readFile(join(here.folder, 'attributes'), 'utf8'),
    `{"a":1}${parameters.JsonAttributesContent[0]}\n`,
  )
  const [report, log] = here.sent as [Sent, Sent]
  assert.deepEqual(statesOf(report), [
    ['1 apt_package[nginx]', 'COMPLIANT', 'in-state'],
    ['2 file[/etc/motd]', 'NON_COMPLIANT', 'changed'],
  ])
  assert.equal(log.method, 'PUT')
  assert.match(log.url, /^\/reports\/mi-1\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.log$/)
  assert.match(log.body.toString(), /Recipe: web::default/)
})

test('OW-06 recipes: a node without a client gets one from its package sources, or is told that there is none', async () => {
  await using bare = await node({ 'apt-get': 'exit 100' })
  const none = await bare.run('AWS-ApplyChefRecipes', { RunList: ['recipe[a]'], ChefClientVersion: ['None'] })
  assert.deepEqual([none.code, none.err], [1, 'Neither Cinc nor Chef is installed on this node\n'])
  const failed = await bare.run('AWS-ApplyChefRecipes', { RunList: ['recipe[a]'] })
  assert.equal(failed.code, 1)
  assert.match(failed.err, /No package source of this node has Cinc or Chef 14/)

  const install = `case "$*" in *'install cinc=17*') printf '#!/bin/sh\\necho ran\\n' >"$STATE/bin/cinc-client" && chmod +x "$STATE/bin/cinc-client" ;; esac`
  await using here = await node({ 'apt-get': install })
  const installed = await here.run('AWS-ApplyChefRecipes', { RunList: ['recipe[a]'], ChefClientVersion: ['17'] })
  assert.deepEqual([installed.code, installed.out], [0, 'ran\nran\n'])
})

test('PD-01 no parameter can leave its place in a script', async () => {
  const refused = (name: string, parameters: Record<string, string[]>) =>
    assert.throws(() => scriptOf(name, parameters), { code: 'InvalidParameters' })
  refused('Steward-ApplyDesiredState', { Resources: ['{}\n%%\nid\n{}'] })
  refused('Steward-ApplyDesiredState', { Resources: ['%%'] })
  for (const evil of ["x'; id; '", '$(id)', 'a\nb']) {
    refused('AWS-ApplyAnsiblePlaybooks', { PlaybookFile: [`${evil}.yml`] })
    refused('AWS-ApplyAnsiblePlaybooks', { Check: [evil] })
    refused('AWS-ApplyChefRecipes', { RunList: ['recipe[a]'], ChefClientArguments: [`${evil};`] })
    refused('AWS-ApplyChefRecipes', { RunList: ['recipe[a]'], ComplianceType: [evil] })
    refused('AWS-ApplyChefRecipes', { RunList: ['recipe[a]'], ComplianceReportBucket: [evil] })
    refused('Steward-ApplyPuppetManifest', { ManifestFile: [evil] })
    refused('Steward-ApplyPuppetManifest', { ModulePath: [evil] })
  }
  refused('AWS-ApplyChefRecipes', { RunList: ["recipe[a]'"] })
  refused('AWS-ApplyChefRecipes', { RunList: ['recipe[a]'], JsonAttributesContent: ['{\n%%\nid'] })
  refused('AWS-ApplyAnsiblePlaybooks', { ExtraVariables: ['a=b\n%%\nid'] })
})
