import { Argument, Command, Option } from 'commander'
import description from '../package.json' with { type: 'json' }
import * as parse from './arguments.ts'
import { addCompliance } from './compliance/commands.ts'
import { parseCondition } from './inventory/answer-rows.ts'
import type { Io } from './io.ts'
import { faults, list, lists, number, strings } from './option-values.ts'
import { addParams } from './params/commands.ts'
import { addSessions } from './sessions/commands.ts'
import { FORMATS } from './shell-exports.ts'

/** What `steward` understands. Each command's code is loaded only when it is called. `end` is told its exit code. */
export function program(io: Io, end: (exitCode: number) => void): Command {
  const steward = new Command('steward')
    .description('Steward: manage machines through a control plane of your own.')
    .version(description.version)
    .showSuggestionAfterError()
    // Names only: with their arguments there would be no room for the descriptions in a terminal of 80 columns.
    .configureHelp({ showGlobalOptions: false, subcommandTerm: (command) => command.name() })
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride()
    .addHelpText('after', CONNECTION_HELP)
  addEnv(steward, io)
  addConsole(steward, io)
  addNode(steward, io)
  addRun(steward, io, end)
  addAsk(steward, io, end)
  addLogs(steward, io, end)
  addCancel(steward, io)
  addSessions(steward, io, end)
  addParams(steward, io, end)
  addCompliance(steward, io)
  addAudit(steward, io, end)
  addEvents(steward, io)
  addKeys(steward, io)
  addQuery(steward, io)
  addSbom(steward, io)
  addWhy(steward, io, end)
  addDoctor(steward, io, end)
  return steward
}

const CONNECTION_HELP = `
Which server: AWS_ENDPOINT_URL with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
and AWS_REGION when it is set; else the server of the local data directory
(STEWARD_DATA, STEWARD_HTTP, …), with its root key.

Exit codes: 0 done, 1 not as wished, 2 the command line is wrong, 255 the server
did not answer or refused. steward run has more: steward run --help.`

function addEnv(steward: Command, io: Io): void {
  steward
    .command('env')
    .description('print what makes the aws command talk to the local server: eval "$(npx steward env)"')
    .addOption(new Option('--format <format>', 'for which shell').choices([...FORMATS]).default('sh'))
    .action(async (options) => (await import('./commands/env.ts')).env(io, options))
}

function addConsole(steward: Command, io: Io): void {
  steward
    .command('console')
    .description('print a link that signs you in at the console, good once within ten minutes')
    .option('--open', 'open it in the browser of this machine')
    .action(async (options) => (await import('./commands/console.ts')).console(io, options))
}

function addNode(steward: Command, io: Io): void {
  const node = steward.command('node').description('managed nodes')
  node
    .command('add')
    .description('print the lines that enrol other machines')
    .option('--name <name>', 'name of the new nodes')
    .option('--role <role>', 'role that the nodes take', 'StewardManagedNode')
    .option(
      '--limit <machines>',
      'how many machines may use it: 1, or 1000 if --reusable',
      number('--limit', 1, 1_000_000),
    )
    .option('--hours <hours>', 'how long it is good: 24, or for ever if --reusable', number('--hours', 1, 876_000))
    .option('--reusable', 'make an enrolment key, which is good until it is revoked')
    .option('--from <range>', 'only machines that call from there, such as 10.20.0.0/16; may be repeated', strings)
    .option('--hosts <pattern>', 'only machines with such host names, such as web-*')
    .option('--approve', 'each machine waits until it is approved: steward node requests')
    .option('--tag <key=value>', 'tag of the new nodes; may be repeated', list(parse.parseTag))
    .option('--url <url>', 'where the machines reach the server (https://HOST:8471)', faults(parse.parseServerUrl))
    .option('--json', 'print one JSON object')
    .action(async (options) => (await import('./commands/node-add.ts')).nodeAdd(io, options))
  node
    .command('list')
    .description('list the nodes')
    .option('--json', 'print what the API answers')
    .action(async (options) => (await import('./commands/node-list.ts')).nodeList(io, options))
  node
    .command('requests')
    .description('list the machines that wait until they are approved')
    .option('--json', 'print what the API answers')
    .action(async (options) => (await import('./commands/node-requests.ts')).nodeRequests(io, options))
  for (const decision of ['Approve', 'Refuse'] as const) {
    node
      .command(decision.toLowerCase())
      .description(decision === 'Approve' ? 'let machines in that wait' : 'keep machines out that wait')
      .argument('<requests...>', 'such as er-…')
      .action(async (ids: string[]) => (await import('./commands/node-requests.ts')).decideRequests(io, ids, decision))
  }
  node
    .command('revoke')
    .description('let no more machines in with an activation or enrolment key')
    .argument('<activation-id>')
    .action(async (id: string) => (await import('./commands/node-revoke.ts')).nodeRevoke(io, id))
  node
    .command('auto-update')
    .description('have the agents of all nodes updated now and every two weeks, or say whether they are')
    .addArgument(new Argument('<switch>').choices(['on', 'off', 'status']))
    .action(async (to: 'on' | 'off' | 'status') => {
      await (await import('./commands/node-auto-update.ts')).nodeAutoUpdate(io, to)
    })
}

function addRun(steward: Command, io: Io, end: (exitCode: number) => void): void {
  steward
    .command('run')
    .description('run a command on nodes, follow it, and end with its exit code')
    .argument('[command...]', 'the line for the shell of each node, after --')
    .option('--targets <key=values>', 'such as tag:role=web,db; may be repeated', list(parse.parseTarget))
    .option('--nodes <ids>', 'such as mi-…,mi-…; may be repeated', lists)
    .option('--document <name>', 'what to run', 'AWS-RunShellScript')
    .option('--param <name=value>', 'a parameter of the document; may be repeated', strings)
    .option('--comment <text>', 'shown in lists of commands')
    .option('--max-concurrency <n>', 'on how many nodes at a time: 10, or 10%')
    .option('--max-errors <n>', 'after how many failures to stop: 1, or 10%')
    .option('--timeout <seconds>', 'how long to try to reach a node', number('--timeout', 30, 2_592_000))
    .option('--execution-timeout <seconds>', 'how long it may run', number('--execution-timeout', 5, 172_800))
    .option('--no-follow', 'print the command id and do not wait')
    .option('--json', 'print one JSON object at the end')
    .addHelpText('after', RUN_HELP)
    .action(async (words: string[], { param = [], ...options }) => {
      const { run } = await import('./commands/run.ts')
      end(await run(io, words, { ...options, param: parse.parseParameters(param) }))
    })
}

const RUN_HELP = `
Exit codes:
  one node       the script's own; 124 when it ran out of time, 130 when it was cancelled, 1 when it never ran
  several nodes  0 when all succeeded, else 1
  always         2 the command line is wrong, 130 left by Ctrl-C, 255 the server did not answer or refused

Ctrl-C asks whether to cancel the command; a second one leaves it running.

  steward run --nodes mi-0123456789abcdef0 -- uptime
  steward run --targets tag:role=web --max-concurrency 10% --max-errors 1 -- 'systemctl restart app && sleep 5'
  steward run --targets resource-groups:Name=windows --document AWS-RunPowerShellScript -- Get-Process`

function addAsk(steward: Command, io: Io, end: (exitCode: number) => void): void {
  steward
    .command('ask')
    .description('ask nodes for a fact as it is now; exit code 1 if not all of them answered')
    .argument('<fact>', 'what to ask; the facts are below')
    .option(
      '--targets <key=values>',
      'such as tag:role=web,db; may be repeated; left out: all nodes',
      list(parse.parseTarget),
    )
    .option('--node, --nodes <ids>', 'such as mi-…,mi-…; may be repeated', lists)
    .option('--path <path>', 'the file, for file-hash')
    .option(
      '--where <condition>',
      'rows with COLUMN=VALUE, !=, ~ (contains), < or >; may be repeated',
      list(parseCondition),
    )
    .addOption(new Option('--format <format>').choices(['table', 'json', 'csv']).default('table'))
    .option('--wait <seconds>', 'how long to wait for answers', number('--wait', 1, 60), 5)
    .addHelpText('after', ASK_HELP)
    .action(async (fact: string, options) => end(await (await import('./commands/ask.ts')).ask(io, fact, options)))
}

const ASK_HELP = `
Facts: processes, listening-ports, logged-in-users, users, file-hash, disk-usage, memory, kernel, uptime, services.
Nodes that are offline are not asked; who has not answered in time is not asked any more. Ctrl-C shows what is there.

  steward ask listening-ports --where port=22
  steward ask processes --targets tag:role=web --where 'command~nginx' --where 'memory_kb>100000'
  steward ask file-hash --path /etc/ssh/sshd_config --format csv`

function addLogs(steward: Command, io: Io, end: (exitCode: number) => void): void {
  steward
    .command('logs')
    .description('print the output of a command')
    .argument('<command>', 'its id')
    .option('--node <id>', 'of this node only')
    .option('--follow', 'go on until the command is over')
    .action(async (id: string, options) => end(await (await import('./commands/logs.ts')).logs(io, id, options)))
}

function addCancel(steward: Command, io: Io): void {
  steward
    .command('cancel')
    .description('end a command')
    .argument('<command>', 'its id')
    .option('--nodes <ids>', 'on these nodes only, such as mi-…,mi-…; may be repeated', lists)
    .action(async (id: string, options) => (await import('./commands/cancel.ts')).cancel(io, id, options))
}

function addAudit(steward: Command, io: Io, end: (exitCode: number) => void): void {
  const audit = steward.command('audit').description('the record of who did what')
  audit
    .command('verify')
    .description(
      'say whether the audit trail is whole; exit code 1 and the first bad record if it is not, 2 if there is none',
    )
    .option('--file <export>', 'verify what audit export wrote, without a server')
    .option('--json', 'print one JSON object')
    .action(async (options) => end(await (await import('./commands/audit-verify.ts')).auditVerify(io, options)))
  const filters = (command: Command) =>
    command
      .option('--name <operation>', 'such as PutParameter')
      .option('--user <name>', "a user's name, the name of a role's session, or root")
      .option('--resource <name>', 'name, id or ARN of what the call was about, or of what it caused')
      .option('--key <id>', 'the access key that signed')
      .option('--source <service>', 'such as ssm')
      .option('--event <id>', 'one event')
      .option('--writes', 'only calls that change something')
      .option('--failed', 'only calls that were refused or failed')
      .option('--json', 'print the records as JSON, one a line')
  filters(audit.command('search'))
    .description('list calls, the newest first')
    .option('--since <time>', 'such as 30m, 12h, 7d, or 2026-11-21T10:00:00Z', faults(parse.parseSince))
    .option('--limit <calls>', 'at most so many', number('--limit', 1, 1_000_000), 50)
    .action(async (options) => (await import('./commands/audit-search.ts')).auditSearch(io, options))
  filters(audit.command('tail'))
    .description('print calls as they come, until Ctrl-C')
    .action(async (options) => (await import('./commands/audit-search.ts')).auditTail(io, options))
  audit
    .command('export')
    .description('write the records with their hashes to standard output, one JSON object a line, the oldest first')
    .option('--since <time>', 'such as 7d, or 2026-11-21T10:00:00Z', faults(parse.parseSince))
    .option('--until <time>', 'such as 1d, or 2026-11-21T10:00:00Z', faults(parse.parseSince))
    .action(async (options) => (await import('./commands/audit-export.ts')).auditExport(io, options))
}

function addEvents(steward: Command, io: Io): void {
  const events = steward.command('events').description('what rules of events did, and what they could not deliver')
  events
    .command('matches')
    .description('list the last events that a rule matched, and how their deliveries went')
    .argument('<rule>', 'its name')
    .option('--bus <name>', 'the bus of the rule, if it is not the default one')
    .option('--json', 'print what the API answers')
    .action(async (rule: string, options) => (await import('./commands/events.ts')).listMatches(io, rule, options))
  const chosen = (command: Command) =>
    command.option('--source <arn>', 'of this rule or topic only').option('--target <arn>', 'to this target only')
  chosen(events.command('dead'))
    .description('list deliveries that were given up')
    .option('--json', 'print what the API answers')
    .action(async (options) => (await import('./commands/events.ts')).listDeadLetters(io, options))
  chosen(events.command('redrive'))
    .description('try deliveries again that were given up')
    .argument('[ids...]', 'which; without any, all that the options choose')
    .action(async (ids: string[], options) => (await import('./commands/events.ts')).redrive(io, ids, options))
}

function addKeys(steward: Command, io: Io): void {
  const keys = steward.command('keys').description('the master key, under which all secrets in the database are sealed')
  keys
    .command('list')
    .description('list the master keys that something is sealed under')
    .option('--json', 'print what the API answers')
    .action(async (options) => (await import('./commands/keys.ts')).listMasterKeys(io, options))
  keys
    .command('rotate-master')
    .description('make a new master key current; the server goes on meanwhile')
    .action(async () => (await import('./commands/keys.ts')).rotateMaster(io))
  steward
    .command('root')
    .description('the root key')
    .command('reset')
    .description("make a new root key, on the server's machine, when the old one is lost or known to others")
    .action(async () => (await import('./commands/root-reset.ts')).rootReset(io))
}

function addQuery(steward: Command, io: Io): void {
  steward
    .command('query')
    .description(
      "ask the fleet's inventory in SQL: steward query \"select node_id, version from application where name = 'openssl'\"",
    )
    .argument('[sql]', 'one select; left out: from standard input')
    .option('--limit <rows>', 'at most so many', number('--limit', 1, 10_000), 1000)
    .option('--csv', 'print CSV')
    .option('--sync <name>', 'ask all Regions that this resource data sync gathers')
    .option('--json', 'print JSON')
    .option('--tables', 'list the tables and their columns instead')
    .action(async (sql: string | undefined, options) => {
      const { listTables, query } = await import('./commands/query.ts')
      await (options.tables ? listTables(io, options) : query(io, sql, options))
    })
}

function addSbom(steward: Command, io: Io): void {
  steward
    .command('sbom')
    .description('write what is installed on a node to standard output, as a software bill of materials in JSON')
    .argument('<node>', 'its id, its name, or a tag: KEY=VALUE')
    .addOption(new Option('--format <format>').choices(['cyclonedx', 'spdx']).default('cyclonedx'))
    .action(async (node: string, options) => (await import('./commands/sbom.ts')).sbom(io, node, options))
}

function addWhy(steward: Command, io: Io, end: (exitCode: number) => void): void {
  steward
    .command('why')
    .description(
      'say whether somebody may do something, and which statement of which policy decides; exit code 1 if not',
    )
    .argument('<principal>', 'user/NAME, role/NAME, group/NAME or an ARN')
    .argument('<action>', 'such as ssm:SendCommand')
    .argument('[resource]', 'an ARN; left out: any', '*')
    .option(
      '--context <key=value>',
      'a condition key of the request, such as aws:SourceIp=10.0.0.1; may be repeated',
      strings,
    )
    .option('--json', 'print one JSON object')
    .action(async (principal: string, action: string, resource: string, { context = [], json }) => {
      const { why } = await import('./commands/why.ts')
      end(await why(io, { principal, action, resource }, { context: parse.parseParameters(context), json }))
    })
}

function addDoctor(steward: Command, io: Io, end: (exitCode: number) => void): void {
  steward
    .command('doctor')
    .description('say what is wrong with the local server and how to mend it; exit code 1 if something is')
    .option('--json', 'print the findings as JSON')
    .action(async (options) => end(await (await import('./commands/doctor.ts')).doctor(io, options)))
}
