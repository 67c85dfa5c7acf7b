/**
 * Writes docs/coverage.md: which test proves which item of the specification, from the ids at the beginning of test names, and what
 * is said below of items that are partly or not there. `--check` fails if the file is not what it would write.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const FILE = join(ROOT, 'docs/coverage.md')

/** Families of ids with how many items each has, in the order of the specification. */
const FAMILIES: readonly (readonly [prefix: string, title: string, count: number])[] = [
  ['X', 'Cross-cutting behaviour', 28],
  ['T', 'Targets, rate control, schedules', 23],
  ['RG', 'Resource groups and tags', 16],
  ['DOC', 'Documents', 22],
  ['AGT', 'Agent and node lifecycle', 22],
  ['HYB', 'Hybrid activations and node tiers', 15],
  ['RC', 'Run Command', 28],
  ['SM', 'Session Manager', 23],
  ['PS', 'Parameter Store', 22],
  ['STM', 'State Manager', 24],
  ['EVT', 'Events and notifications', 7],
  ['PD', 'Predefined documents', 4],
  ['EXP', 'Explorer and resource data sync', 9],
  ['CON', 'Integrated console', 9],
  ['E2E', 'End to end', 25],
]

/** What is to be said of an item besides its tests. */
const NOTES: Readonly<Record<string, string>> = {
  'X-24': 'only `mi-` nodes exist',
  'X-22': 'the activation tier has no effect: it gates size and price at AWS',
  'X-09': 'belongs to maintenance windows, automation and later ones',
  'X-27': 'not there yet, but for the audit trail and recordings',
  'T-07': 'belongs to automation and associations',
  'T-08': 'belongs to automation',
  'T-15': 'no alarm can be read, so a named one is refused unless `IgnorePollAlarmFailure`',
  'T-16': 'not there yet: waves',
  'RG-04': 'what is configured is in force at once',
  'RG-12': 'there is no organization, so reports of tag policies are refused',
  'RG-13': 'Run Command and State Manager; the others come with their capabilities',
  'DOC-14': 'up to 10 MiB for each version',
  'DOC-21': 'not there yet: lint and dry run',
  'AGT-08':
    'runShellScript, runPowerShellScript, runDocument, downloadContent; the others come with their capabilities',
  'AGT-16': 'not there yet',
  'AGT-17': '`steward-agent diagnose` of our agent; `ssm-cli` was not run',
  'AGT-19': 'on control channels; an event instead of an OpsItem, as there are none',
  'HYB-12': 'kept and told; without effect, for no machine here is an EC2 instance',
  'HYB-13': 'answered as not implemented',
  'HYB-14': 'the name from the host name, tags not',
  'HYB-15': 'Linux and macOS with Node; no Windows installer, no container image yet',
  'X-07': 'checked on every answer in test mode, and by the SDK clients',
  'AGT-01': 'by hand, with amazon-ssm-agent 3.2 and 3.3 on both channels',
  'SM-02': '`ecs:` targets are refused',
  'SM-13': 'with our client; the plugin of AWS takes its key service from the Region only',
  'SM-21': 'by measurement (`bench/README.md`)',
  'PS-20': 'by measurement (`bench/README.md`)',
  'PS-21': 'no rotation hooks',
  'STM-02': 'not there yet: automation documents are refused',
  'STM-08': 'calendars are refused until they exist',
  'STM-07':
    'amazon-ssm-agent takes no cancellation of associations: there the document’s time-out is shortened, if it is a parameter',
  'STM-13': '`OutputSource` is the place in a bucket: runs are no commands',
  'STM-21': 'the agent writes the objects',
  'STM-24': 'documents of our own with a check mode: docs/desired-state.md',
  'PD-02': 'by hand on Linux, with our agent and amazon-ssm-agent',
  'PD-04': 'by construction: versions are a list',
  'EXP-01': 'not there yet',
  'EXP-02': 'not there yet',
  'EXP-03': 'not there yet',
  'EXP-04': 'not there yet',
  'EXP-05': 'not there yet',
  'EXP-07':
    'Regions of one account, read where they are by inventory, SQL and compliance; Explorer, which would read it too, is not there yet; no organizations',
  'EXP-08': 'no two updates meet, so none is refused as a conflict',
  'EXP-09': 'not there yet',
  'CON-03': 'always enabled',
  'CON-04': 'there are no providers of unmanaged machines',
  'CON-05': 'a node says why it is offline; no runbooks yet',
  'CON-06': 'without the update by one click (AGT-14)',
  'CON-08': 'lists and acts show their command; a few panels of Access do not',
  'E2E-01': 'our agent automated; Amazon’s by hand; one CPU architecture',
}

const tests = testsById()
const text = render()
if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') === text) process.exit(0)
  process.stderr.write('docs/coverage.md is not up to date: run `node scripts/coverage.ts`.\n')
  process.exit(1)
}
writeFileSync(FILE, text)

/** Test files by the ids that their tests name. */
function testsById(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const file of globSync(['packages/*/src/**/*.test.ts', 'e2e/**/*.test.ts'], { cwd: ROOT }).sort()) {
    const names = readFileSync(join(ROOT, file), 'utf8').matchAll(
      new RegExp(`\\b(?:${FAMILIES.map(([prefix]) => prefix).join('|')})-\\d\\d[a-z]?\\b`, 'g'),
    )
    for (const [id] of names) found.set(id, (found.get(id) ?? new Set()).add(file))
  }
  return found
}

function render(): string {
  const lines = [
    '# Coverage',
    '',
    'Which test proves which item of the functional specification, by the ids at the beginning of test names. Written by',
    '`node scripts/coverage.ts`; an item without test and note is simply not proven yet.',
  ]
  for (const [prefix, title, count] of FAMILIES) {
    lines.push('', `## ${title}`, '', '| id | test | state |', '|---|---|---|')
    for (const id of idsOf(prefix, count)) lines.push(row(id))
  }
  return `${lines.join('\n')}\n`
}

function idsOf(prefix: string, count: number): string[] {
  const numbered = Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1).padStart(2, '0')}`)
  const variants = [...tests.keys()].filter((id) => new RegExp(`^${prefix}-\\d\\d[a-z]$`).test(id))
  return [...numbered, ...variants].sort()
}

function row(id: string): string {
  const files = [...(tests.get(id) ?? [])]
  const shown = files.slice(0, 3).map((file) => `[${file.split('/').at(-1)}](../${file})`)
  if (files.length > 3) shown.push(`and ${files.length - 3} more`)
  const note =
    NOTES[id] ?? (id.startsWith('E2E') && files.length === 0 ? 'belongs to capabilities that are not there yet' : '')
  const state = [files.length > 0 ? 'tested' : 'no test', ...(note ? [note] : [])].join('; ')
  return `| ${id} | ${shown.join(', ')} | ${state} |`
}
