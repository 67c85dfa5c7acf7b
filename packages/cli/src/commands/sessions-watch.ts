import { parseCastLine } from '@steward/protocol/recording/cast.ts'
import { losslessBytes } from '@steward/protocol/recording/lossless-text.ts'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { EXIT } from '#fault.ts'
import { type Io, writeInTurn } from '#io.ts'
import { nothingToSee, recordingPages } from '#sessions/recording-pages.ts'
import { RESTORE_TERMINAL } from './sessions-play.ts'

/** Shows what a session showed so far and what it shows, until it is over or somebody leaves. */
export async function sessionsWatch(io: Io, sessionId: string): Promise<number> {
  const left = new AbortController()
  const stopListening = io.onInterrupt(() => left.abort())
  let told = false
  try {
    const pages = recordingPages(new Api(connection(io.env)), sessionId, { wait: true, signal: left.signal })
    for await (const { recording, lines } of pages) {
      const nothing = nothingToSee(recording)
      if (nothing && !told) io.stderr.write(`${nothing}\n`)
      told = true
      for (const event of lines.map(parseCastLine))
        if (event?.code === 'o') await writeInTurn(io.stdout, losslessBytes(event.data))
    }
    if (io.stderr.isTTY) io.stderr.write('\r\nThe session is over.\r\n')
    return EXIT.ok
  } catch (error) {
    if (left.signal.aborted) return EXIT.cancelled
    throw error
  } finally {
    stopListening()
    if (io.stdout.isTTY) io.stdout.write(RESTORE_TERMINAL)
  }
}
