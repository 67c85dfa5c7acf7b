import { type Command, Option } from 'commander'
import type { Io } from '#io.ts'
import { strings } from '#option-values.ts'

/** `steward compliance evidence …` */
export function addEvidence(compliance: Command, io: Io): void {
  const load = () => import('#commands/compliance-evidence.ts')
  const evidence = compliance.command('evidence').description('reports that never change, and who signed them')
  scoped(evidence.command('create'))
    .description('make a report of how compliance is now, and print its id')
    .requiredOption('--name <name>', 'what people call it')
    .action(async (options) => (await load()).evidenceCreate(io, options))
  evidence
    .command('list')
    .description('list reports, the latest first')
    .addOption(new Option('--sign-off <state>').choices(['Unsigned', 'Accepted', 'Rejected']))
    .option('--schedule <name>', 'only what it made')
    .option('--json', 'print JSON')
    .action(async (options) => (await load()).evidenceList(io, options))
  evidence
    .command('get')
    .description('print the facts of a report, or save it as a file')
    .argument('<report>', 'its id')
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'pdf']).default('csv'))
    .option('--output <file>', 'save it there, after its digest was verified')
    .action(async (report, options) => (await load()).evidenceGet(io, report, options))
  evidence
    .command('sign')
    .description('say, as whoever you are signed in as, what you think of a report')
    .argument('<report>', 'its id')
    .addOption(new Option('--accept', 'it is accepted').conflicts('reject'))
    .option('--reject', 'it is rejected')
    .option('--comment <text>')
    .option('--digest <sha256>', 'sign only if the report has this digest')
    .action(async (report, options) => (await load()).evidenceSign(io, report, options))
  evidence
    .command('delete')
    .description('delete a report with its sign-offs')
    .argument('<report>', 'its id')
    .action(async (report) => (await load()).evidenceDelete(io, report))
  const schedule = evidence.command('schedule').description('reports that are made by themselves')
  scoped(schedule.command('put'))
    .description('make a schedule, or replace all of one')
    .argument('<name>')
    .requiredOption('--expression <schedule>', "such as 'rate(7 days)' or 'cron(0 6 1 * ? *)'")
    .option('--timezone <zone>', 'such as Europe/Berlin; default: UTC')
    .option('--report-name <name>', 'what its reports are called; default: as the schedule')
    .option('--bucket <bucket>', 'write them there too')
    .option('--bucket-region <region>', 'default: the Region of the command line')
    .option('--prefix <prefix>', 'begin the keys in the bucket with this')
    .action(async (name, options) => (await load()).evidenceSchedulePut(io, name, options))
  schedule
    .command('list')
    .option('--json', 'print JSON')
    .action(async (options) => (await load()).evidenceScheduleList(io, options))
  schedule
    .command('delete')
    .argument('<name>')
    .action(async (name) => (await load()).evidenceScheduleDelete(io, name))
}

/** Which nodes and types a report is about; without any of these: all. */
function scoped(command: Command): Command {
  return command
    .option('--type <type>', 'only of this type of compliance; may be repeated', strings)
    .option('--group <group>', 'only nodes of this resource group')
    .option('--tag <key=value>', 'only nodes with this tag; may be repeated', strings)
    .option('--node <id>', 'only this node; may be repeated', strings)
}
