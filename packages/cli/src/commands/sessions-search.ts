import type { steward } from '@steward/model'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import { type Io, paint } from '#io.ts'
import { clockTime, narrowedBy, type RecordingOptions } from './sessions-recordings.ts'

/** Prints the lines of what sessions showed that have a text in them, as they are found. */
export async function sessionsSearch(
  io: Io,
  text: string,
  options: RecordingOptions & { readonly session?: string },
): Promise<void> {
  const api = new Api(connection(io.env))
  const of = { Query: text, ...narrowedBy(options), ...(options.session ? { SessionId: options.session } : {}) }
  let left = options.limit
  let NextToken: string | undefined
  do {
    const page = await api.steward('SearchSessionRecordings', { ...of, NextToken })
    const matches = (page.Matches ?? []).slice(0, left)
    for (const match of matches) io.stdout.write(options.json ? `${JSON.stringify(match)}\n` : shown(io, match, text))
    left -= matches.length
    NextToken = page.NextToken
  } while (NextToken && left > 0)
  if (left === options.limit && !options.json) io.stderr.write('No session showed it.\n')
}

function shown(io: Io, match: Wire<steward.SessionRecordingMatch>, wanted: string): string {
  const { SessionId = '', Milliseconds = 0, Text = '', Date: at = 0 } = match
  const time = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const start = Text.toLowerCase().indexOf(wanted.toLowerCase())
  const end = start + wanted.length
  const text = `${Text.slice(0, start)}${paint(io, io.stdout, 'bold', Text.slice(start, end))}${Text.slice(end)}`
  return `${time}  ${SessionId}  ${clockTime(Milliseconds)}  ${text}\n`
}
