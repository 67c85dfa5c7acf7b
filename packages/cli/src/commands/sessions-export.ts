import { appendFileSync, closeSync, openSync } from 'node:fs'
import { parseCastLine } from '@steward/protocol/recording/cast.ts'
import { type ShownLine, ShownText } from '@steward/protocol/recording/shown-text.ts'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { Fault } from '#fault.ts'
import { type Io, type Output, writeInTurn } from '#io.ts'
import { nothingToSee, recordingPages } from '#sessions/recording-pages.ts'
import { clockTime } from './sessions-recordings.ts'

/** Writes a recording as far as it goes. */
export async function sessionsExport(
  io: Io,
  sessionId: string,
  { text, output }: { text?: boolean; output?: string },
): Promise<void> {
  const pages = recordingPages(new Api(connection(io.env)), sessionId)
  if (output === undefined) return writeAll(io, pages, io.stdout, text)
  const file = newFile(output)
  try {
    await writeAll(io, pages, { write: (data) => appendFileSync(file, data) }, text)
  } finally {
    closeSync(file)
  }
}

/** For its owner only: recordings show secrets. */
function newFile(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Fault(`${path} is there already.`, { cause: error })
  }
}

async function writeAll(
  io: Io,
  pages: ReturnType<typeof recordingPages>,
  to: Output,
  asText: boolean | undefined,
): Promise<void> {
  const shown = new ShownText()
  for await (const { recording, lines } of pages) {
    for (const line of lines) await writeInTurn(to, asText ? textOf(shown, line) : `${line}\n`)
    const nothing = nothingToSee(recording)
    if (nothing && lines.length > 0) io.stderr.write(`${nothing}\n`)
  }
  if (asText) await writeInTurn(to, shown.end().map(toText).join(''))
}

function textOf(shown: ShownText, line: string): string {
  const event = parseCastLine(line)
  return event?.code === 'o' ? shown.add(event.data, event.milliseconds).map(toText).join('') : ''
}

function toText({ milliseconds, text }: ShownLine): string {
  return `${clockTime(milliseconds).padStart(7)}  ${text.toWellFormed()}\n`
}
