import { parseCastLine } from '@steward/protocol/recording/cast.ts'
import { losslessBytes } from '@steward/protocol/recording/lossless-text.ts'
import { steward } from '#api/steward.ts'
import type { Shell } from './shell.ts'

/** Of longer sessions the end alone would show nothing right. */
const MOST_PAGES = 8

/** Draws what a shell showed before the page was loaded again: by its recording, if the person may see that. */
export async function redraw({ identity, screen }: Shell): Promise<void> {
  let NextToken: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await steward('GetSessionRecording', { SessionId: identity.sessionId, NextToken }).catch(() => {})
    const lines = answer?.Lines ?? []
    for (const line of lines) {
      const event = parseCastLine(line)
      if (event?.code === 'o') screen.terminal.write(losslessBytes(event.data))
      if (event?.code === 'r') resize(screen, event.data)
    }
    NextToken = answer?.NextToken
    if (!NextToken || lines.length === 0) break
  }
  await new Promise<void>((drawn) => screen.terminal.write('', drawn))
}

function resize({ terminal }: Shell['screen'], size: string): void {
  const [cols, rows] = size.split('x').map(Number)
  if (cols && rows) terminal.resize(cols, rows)
}
