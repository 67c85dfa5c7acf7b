import type { Command } from 'commander'
import * as parse from '#arguments.ts'
import type { Io } from '#io.ts'
import { faults, list, number, strings } from '#option-values.ts'
import { parseForward } from './forward-spec.ts'
import { addRecordings } from './recording-commands.ts'

/** `steward shell`, `exec`, `forward`, `cp`, `ssh-config`, `ssh-proxy` and `sessions …` */
export function addSessions(steward: Command, io: Io, end: (exitCode: number) => void): void {
  addShell(steward, io, end)
  addExec(steward, io, end)
  addForward(steward, io, end)
  addCopy(steward, io)
  addSsh(steward, io, end)
  addSessionLists(steward, io, end)
}

const NODE = 'id or name of a node, or tag:KEY=VALUE for any connected node with that tag'
const REASON = ['--reason <text>', 'why; it is kept with the session and in the audit trail'] as const

function addShell(steward: Command, io: Io, end: (exitCode: number) => void): void {
  steward
    .command('shell')
    .description('open a shell on a node; ~. at the start of a line leaves it')
    .argument('<node>', NODE)
    .option(...REASON)
    .option('--document <name>', 'a session document other than the preferences of the account')
    .option('--param <name=value>', 'a parameter of the document; may be repeated', strings)
    .action(async (node: string, { param = [], ...options }) => {
      const { shell } = await import('#commands/shell.ts')
      end(await shell(io, node, { ...options, param: parse.parseParameters(param) }))
    })
}

function addExec(steward: Command, io: Io, end: (exitCode: number) => void): void {
  steward
    .command('exec')
    .description('run a command on a node with its own input, output and exit code')
    .argument('<node>', NODE)
    .argument('[command...]', 'a line for the shell of the node, or a program and its arguments, after --')
    .option('-t, --tty', 'give it a terminal; then standard error is part of the output, and there is no exit code')
    .option(...REASON)
    .addHelpText('after', EXEC_HELP)
    .action(async (node: string, words: string[], options) => {
      end(await (await import('#commands/exec.ts')).exec(io, node, words, options))
    })
}

const EXEC_HELP = `
Exit code: that of the command (128 and the number of the signal that ended it); 255 when Steward or the node could not run it.

  steward exec web-1 -- 'df -h / && uptime'
  steward exec db-1 -- pg_dump shop | gzip > shop.sql.gz
  gunzip < shop.sql.gz | steward exec db-2 -- psql shop
  steward exec -t web-1 -- sudo vim /etc/hosts`

function addForward(steward: Command, io: Io, end: (exitCode: number) => void): void {
  steward
    .command('forward')
    .description('make ports of a node, or of hosts that it reaches, ports of this machine, until Ctrl-C')
    .argument('<node>', NODE)
    .argument(
      '<forwardings...>',
      'LOCAL:REMOTE, LOCAL:HOST:REMOTE, ADDRESS:LOCAL:HOST:REMOTE, /socket:REMOTE',
      list(parseForward),
    )
    .option(...REASON)
    .addHelpText('after', FORWARD_HELP)
    .action(async (node: string, specs, options) => {
      end(await (await import('#commands/forward.ts')).forward(io, node, specs, options))
    })
}

const FORWARD_HELP = `
  steward forward web-1 8080:80                      http://localhost:8080 is port 80 of the node
  steward forward web-1 :80                          … is any free port, which is printed
  steward forward web-1 5432:db.internal:5432 6379   also what only the node reaches, several at once
  steward forward tag:role=web 0.0.0.0:8080:localhost:80`

function addCopy(steward: Command, io: Io): void {
  steward
    .command('cp')
    .description('copy files or directories to or from a node, with checksums; a copy that was cut goes on')
    .argument(
      '<paths...>',
      'from where, one or several, and to where: PATH, or NODE:PATH (from the home directory there)',
    )
    .option(...REASON)
    .option('-q, --quiet', 'show no progress')
    .addHelpText('after', COPY_HELP)
    .action(async (paths: string[], options) => (await import('#commands/cp.ts')).cp(io, paths, options))
}

const COPY_HELP = `
  steward cp app.tar.gz web-1:/tmp/
  steward cp web-1:/var/log/app ./logs`

function addSsh(steward: Command, io: Io, end: (exitCode: number) => void): void {
  steward
    .command('ssh-config')
    .description('print what makes ssh, scp, rsync and Ansible reach nodes by name')
    .option('--write', 'put it into ~/.ssh, where ssh finds it')
    .option('--user <name>', 'who to log in as')
    .action(async (options) => (await import('#commands/ssh-config.ts')).writeSshConfig(io, options))
  steward
    .command('ssh-proxy')
    .description('carry one connection of ssh over standard input and output: ProxyCommand steward ssh-proxy %h %p')
    .argument('<node>', 'as ssh knows it: id, NAME.steward, or KEY=VALUE.steward')
    .argument('[port]', 'where sshd listens there', number('A port', 1, 65_535), 22)
    .action(async (node: string, port: number) =>
      end(await (await import('#commands/ssh-proxy.ts')).sshProxy(io, node, port)),
    )
}

function addSessionLists(steward: Command, io: Io, end: (exitCode: number) => void): void {
  const sessions = steward.command('sessions').description('sessions of everybody: shells, commands, forwardings')
  addRecordings(sessions, io, end)
  sessions
    .command('list')
    .description('list open sessions')
    .option('--history', 'those that are over')
    .option('--node <id>', 'on this node')
    .option('--owner <arn>', 'of this user or role')
    .option('--since <time>', 'started since then: 30m, 12h, 7d, or 2026-11-21T10:00:00Z', faults(parse.parseSince))
    .option('--json', 'print what the API answers')
    .action(async (options) => (await import('#commands/sessions-list.ts')).sessionsList(io, options))
  sessions
    .command('terminate')
    .description('end sessions, with all that runs in them')
    .argument('<sessions...>', 'their ids')
    .action(async (ids: string[]) => (await import('#commands/sessions-terminate.ts')).sessionsTerminate(io, ids))
  sessions
    .command('approvals')
    .description('list sessions that wait for a second person')
    .option('--all', 'also those that were approved, rejected, or not in time')
    .option('--json', 'print what the API answers')
    .action(async (options) => (await import('#commands/sessions-approvals.ts')).sessionsApprovals(io, options))
  for (const [name, description, operation] of [
    ['approve', 'let sessions of somebody else begin', 'ApproveSession'],
    ['reject', 'refuse sessions of somebody else', 'RejectSession'],
  ] as const) {
    sessions
      .command(name)
      .description(description)
      .argument('<sessions...>', 'their ids')
      .option('--comment <text>', 'kept with the decision')
      .action(async (ids: string[], options) => {
        await (await import('#commands/sessions-approvals.ts')).decideOnSessions(io, operation, ids, options)
      })
  }
}
