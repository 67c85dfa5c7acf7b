import type { Command } from 'commander'
import * as parse from '#arguments.ts'
import type { Io } from '#io.ts'
import { faults, number } from '#option-values.ts'

/** `steward sessions recordings`, `play`, `watch`, `search`, `export`, `verify`, `views` */
export function addRecordings(sessions: Command, io: Io, end: (exitCode: number) => void): void {
  addReading(sessions, io, end)
  addSearching(sessions, io)
  addProving(sessions, io, end)
}

const SINCE = ['--since <time>', 'started since then: 30m, 12h, 7d, or 2026-11-21T10:00:00Z'] as const

function addReading(sessions: Command, io: Io, end: (exitCode: number) => void): void {
  sessions
    .command('play')
    .description('show a recording as it was; where standard output is no terminal, write the same bytes at once')
    .argument('<recording>', 'id of the session, or a file that sessions export wrote')
    .option('--speed <times>', 'so many times as fast', faults(parse.parsePositive), 1)
    .option('--idle <seconds>', 'wait at most so long where nothing happened', faults(parse.parsePositive), 2)
    .option('--from <seconds>', 'begin here, with the screen as it was', faults(parse.parsePositive))
    .addHelpText('after', '\nSpace pauses, q ends.')
    .action(async (recording: string, options) =>
      end(await (await import('#commands/sessions-play.ts')).sessionsPlay(io, recording, options)),
    )
  sessions
    .command('watch')
    .description('look on while a session goes on: what it showed so far and what it shows, until it is over or Ctrl-C')
    .argument('<session>', 'its id')
    .action(async (session: string) =>
      end(await (await import('#commands/sessions-watch.ts')).sessionsWatch(io, session)),
    )
  sessions
    .command('export')
    .description('write a recording as an asciicast file, which other players understand, or as text')
    .argument('<session>', 'its id')
    .option('--text', 'lines of text with their times')
    .option('--output <file>', 'where to; standard output if left out')
    .action(async (session: string, options) =>
      (await import('#commands/sessions-export.ts')).sessionsExport(io, session, options),
    )
}

function addSearching(sessions: Command, io: Io): void {
  const narrowed = (command: Command) =>
    command
      .option('--node <id>', 'on this node')
      .option('--owner <arn>', 'of this user or role')
      .option(...SINCE, faults(parse.parseSince))
      .option('--json', 'print what the API answers')
  narrowed(sessions.command('recordings').description('list recordings of sessions, the newest first'))
    .option('--limit <recordings>', 'at most so many', number('--limit', 1, 1_000_000), 50)
    .action(async (options) => (await import('#commands/sessions-recordings.ts')).sessionsRecordings(io, options))
  narrowed(sessions.command('search').description('find text in what sessions showed, the newest session first'))
    .argument('<text>', 'what to look for, whatever its case')
    .option('--session <id>', 'in this session')
    .option('--limit <lines>', 'at most so many', number('--limit', 1, 1_000_000), 100)
    .action(async (text: string, options) =>
      (await import('#commands/sessions-search.ts')).sessionsSearch(io, text, options),
    )
}

function addProving(sessions: Command, io: Io, end: (exitCode: number) => void): void {
  sessions
    .command('verify')
    .description(
      'say whether a recording is as it was taken down, and is what the audit trail says; exit code 1 if not',
    )
    .argument('<session>', 'its id')
    .option('--file <export>', 'whether this file, which sessions export wrote, is that recording')
    .option('--json', 'print one JSON object')
    .action(async (session: string, options) =>
      end(await (await import('#commands/sessions-verify.ts')).sessionsVerify(io, session, options)),
    )
  sessions
    .command('views')
    .description('list who was shown something of a recording')
    .argument('<session>', 'its id')
    .option('--json', 'print what the API answers')
    .action(async (session: string, options) =>
      (await import('#commands/sessions-views.ts')).sessionsViews(io, session, options),
    )
}
