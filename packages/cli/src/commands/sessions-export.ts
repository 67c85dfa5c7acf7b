import { createWriteStream } from 'node:fs'
import { parseCastLine } from '@steward/protocol/recording/cast.ts'
import { type ShownLine, ShownText } from '@steward/protocol/recording/shown-text.ts'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { Fault } from '#fault.ts'
import type { Io, Output } from '#io.ts'
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
  const file = createWriteStream(output, { flags: 'wx', mode: 0o600 })
  const done = new Promise<void>((resolve, reject) => file.on('finish', resolve).on('error', reject))
  try {
    await Promise.race([writeAll(io, pages, file, text), done])
    file.end()
    await done
  } catch (error) {
    file.destroy()
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Fault(`${output} is there already.`, { cause: error })
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
    if (!asText) for (const line of lines) to.write(`${line}\n`)
    else for (const line of lines) to.write(textOf(shown, line))
    const nothing = nothingToSee(recording)
    if (nothing && lines.length > 0) io.stderr.write(`${nothing}\n`)
  }
  if (asText) to.write(shown.end().map(toText).join(''))
}

function textOf(shown: ShownText, line: string): string {
  const event = parseCastLine(line)
  return event?.code === 'o' ? shown.add(event.data, event.milliseconds).map(toText).join('') : ''
}

function toText({ milliseconds, text }: ShownLine): string {
  return `${clockTime(milliseconds).padStart(7)}  ${text.toWellFormed()}\n`
}
