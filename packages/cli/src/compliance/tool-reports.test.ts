import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toItems } from '#commands/compliance-import.ts'
import { toCsv } from '#commands/compliance-report.ts'
import { readToolReport, type ToolFormat } from './tool-reports.ts'

/** What is found in a report, each as `id, + or -, severity, text`. */
function found(text: string, format?: ToolFormat, host?: string) {
  const { findings, ...report } = readToolReport(text, format, host)
  const lines = findings.map(({ id, compliant, severity, text }) => [id, compliant ? '+' : '-', severity, text])
  return { ...report, lines }
}

test('CMP-11 controls of InSpec are graded by their impact; what was skipped is neither', () => {
  const result = (status: string, more = {}) => ({ status, code_desc: 'Port 22', ...more })
  const controls = [
    {
      id: 'ssh-1',
      title: 'SSH',
      impact: 0.9,
      results: [result('passed', { start_time: '2026-11-21T10:00:00+00:00' })],
    },
    { id: 'ssh-2', title: null, impact: 0.5, results: [result('passed'), result('failed', { message: 'was open' })] },
    { id: 'ssh-3', impact: 0, results: [result('failed')] },
    { id: 'ssh-4', impact: 1, results: [result('skipped')] },
  ]
  assert.deepEqual(found(JSON.stringify({ profiles: [{ name: 'p', controls }], version: '5' })), {
    type: 'Custom:Inspec',
    at: new Date('2026-11-21T10:00:00Z'),
    leftOut: 1,
    lines: [
      ['ssh-1', '+', 'CRITICAL', undefined],
      ['ssh-2', '-', 'MEDIUM', 'Port 22: was open'],
      ['ssh-3', '-', 'INFORMATIONAL', 'Port 22'],
    ],
  })
})

test('CMP-11 results of OpenSCAP are read with or without prefixes; errors count as not compliant', () => {
  const results = (prefix: string) => `<?xml version="1.0"?>
    <!-- <TestResult end-time="1999-01-01"/> -->
    <${prefix}Benchmark><${prefix}Rule id="r1" severity="high"><${prefix}status date="x">draft</${prefix}status>
      <${prefix}title xml:lang="en">No <html:code>root</html:code> &amp; no
      guest</${prefix}title></${prefix}Rule>
    <${prefix}TestResult id="t" start-time="2026-11-21T10:00:00+00:00" end-time="2026-11-21T10:05:00+00:00">
      <${prefix}rule-result idref="r1" severity="high"><${prefix}result>fail</${prefix}result></${prefix}rule-result>
      <${prefix}rule-result idref="r2" severity="low"><${prefix}result> pass </${prefix}result></${prefix}rule-result>
      <${prefix}rule-result idref="r3" severity="unknown"><${prefix}result>error</${prefix}result></${prefix}rule-result>
      <${prefix}rule-result idref="r4"><${prefix}result>notapplicable</${prefix}result></${prefix}rule-result>
    </${prefix}TestResult></${prefix}Benchmark>`
  for (const prefix of ['', 'xccdf:'])
    assert.deepEqual(found(results(prefix)), {
      type: 'Custom:Xccdf',
      at: new Date('2026-11-21T10:05:00Z'),
      leftOut: 1,
      lines: [
        ['r1', '-', 'HIGH', 'fail'],
        ['r2', '+', 'LOW', undefined],
        ['r3', '-', undefined, 'error'],
      ],
    })
  assert.equal(readToolReport(results(''), undefined, undefined).findings[0]?.title, 'No root & no guest')
})

test('CMP-11 what a check of Ansible would change is not compliant, on the host that is meant', () => {
  const hosts = (web: object, db: object) => ({ web, db })
  const tasks = [
    { task: { name: 'motd' }, hosts: hosts({ changed: true }, { changed: false }) },
    { task: { name: 'service' }, hosts: hosts({ failed: true, msg: 'no unit' }, { skipped: true }) },
  ]
  const report = JSON.stringify({
    plays: [{ play: { name: 'base', duration: { start: '2026-11-21T10:00:00Z' } }, tasks }],
  })
  assert.deepEqual(found(report, undefined, 'web'), {
    type: 'Custom:Ansible',
    at: new Date('2026-11-21T10:00:00Z'),
    leftOut: 0,
    lines: [
      ['base / motd', '-', undefined, 'would change'],
      ['base / service', '-', undefined, 'no unit'],
    ],
  })
  assert.equal(found(report, undefined, 'db').leftOut, 1)
  assert.throws(() => found(report), { message: /It is about web, db: choose one with --host\.$/ })
  assert.throws(() => found(report, undefined, 'x'), { message: /It is not about x, but about web, db\.$/ })
})

test('CMP-11 policies of osquery without an answer are left out', () => {
  const policies = [
    { id: 1, name: 'Disk is encrypted', critical: true, response: 'fail', description: 'LUKS' },
    { id: 2, name: 'Firewall', response: 'pass' },
    { id: 3, name: 'Other', response: '' },
  ]
  const expected = {
    type: 'Custom:Osquery',
    at: undefined,
    leftOut: 1,
    lines: [
      ['1', '-', 'CRITICAL', 'LUKS'],
      ['2', '+', undefined, undefined],
    ],
  }
  for (const report of [policies, { policies }, { host: { policies } }])
    assert.deepEqual(found(JSON.stringify(report)), expected)
})

test('CMP-11 resources of Puppet that are out of sync and stay so are not compliant', () => {
  const state = (more: string) =>
    `    title: x\n    tags:\n    - file\n    failed: ${more.replace(/ (?=\w+:)/g, '\n    ')}\n    events: []`
  const yaml = `--- !ruby/object:Puppet::Transaction::Report
host: web
time: '2026-11-21T10:00:00.522914610+00:00'
metrics:
  File[/not/this]:
    failed: true
resource_statuses:
  File[/etc/motd]:
${state('false changed: false out_of_sync: true skipped: false')}
  'Notify[it''s: here]': !ruby/object:Puppet::Resource::Status
${state('false changed: true out_of_sync: true skipped: false')}
  Service[web]:
${state('true changed: false out_of_sync: true skipped: false')}
  Exec[later]:
${state('false changed: false out_of_sync: false skipped: true')}
  Schedule[daily]:
${state('false changed: false out_of_sync: false skipped: false')}
corrective_change: false
`
  const lines = [
    ['File[/etc/motd]', '-', undefined, 'out of sync'],
    ["Notify[it's: here]", '+', undefined, undefined],
    ['Service[web]', '-', undefined, 'failed'],
  ]
  const read = found(yaml)
  assert.deepEqual(read, { type: 'Custom:Puppet', at: new Date('2026-11-21T10:00:00.522Z'), leftOut: 1, lines })
  const json = { time: '2026-11-21T10:00:00Z', resource_statuses: { 'File[/a]': { out_of_sync: true } } }
  assert.deepEqual(found(JSON.stringify(json)).lines, [['File[/a]', '-', undefined, 'out of sync']])
})

test('CMP-11 what is no report is refused with the reason', () => {
  const refused = (text: string, format: ToolFormat | undefined, message: RegExp) =>
    assert.throws(() => found(text, format), { name: 'Fault', message })
  refused('<a/>', undefined, /^This is no report of xccdf\. It has no TestResult\.$/)
  refused('{"profiles"', undefined, /no report of osquery|no report of inspec/)
  refused('{}', 'inspec', /no profiles/)
  refused('null', 'inspec', /no object/)
  refused('{}', 'ansible', /no plays/)
  refused('[1]', undefined, /no policies/)
  refused('hello', undefined, /no report of puppet\. It has no resource_statuses/)
})

test('CMP-11 findings become items whose ids differ and whose texts fit', () => {
  const finding = { id: 'a', title: 'x'.repeat(600), compliant: false, severity: undefined, text: 'y'.repeat(5000) }
  const [first, second] = toItems([finding, finding], 'LOW')
  assert.deepEqual([first?.Id, second?.Id, first?.Severity], ['a', 'a (2)', 'LOW'])
  assert.deepEqual([first?.Title?.length, first?.Details?.DetailedText?.length], [500, 4096])
})

test('CMP-10 evidence is CSV that no spreadsheet takes for formulas', () => {
  const [, line] = toCsv([{ ResourceId: 'mi-1', Title: '=1+1', Details: { DetailedText: 'a "b", c' } }]).split('\r\n')
  assert.equal(line, 'mi-1,,,\'=1+1,,,1970-01-01T00:00:00.000Z,"a ""b"", c"')
})
