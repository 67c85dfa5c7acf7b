import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { SessionClient } from '@steward/session-client'
import { useEffect, useState } from 'react'
import { steward } from '#api/steward.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { shellWords } from '#components/shell-words.ts'
import { replayTexts as texts } from '#texts/replay.ts'
import { AskLink } from '../terminal/ask-link.tsx'
import { Screen } from '../terminal/screen.ts'
import { ScreenHost } from '../terminal/screen-host.tsx'

interface Watching {
  readonly screen: Screen
  readonly client: SessionClient
}

/** A session as its user sees it, from now on: for those who may watch, but not read what was shown before. */
export function LiveView({ sessionId, nodeName }: { sessionId: string; nodeName: string }) {
  const [watching, setWatching] = useState<Watching>()
  const [ended, setEnded] = useState(false)
  const [error, setError] = useState<unknown>()
  useEffect(
    () => () => {
      watching?.client.close()
      watching?.screen.dispose()
    },
    [watching],
  )
  return (
    <SpaceBetween size="m">
      {error !== undefined && <Failed error={error} />}
      {watching ? (
        <div className="st-replay">
          <ScreenHost screen={watching.screen} label={texts.label(nodeName)} />
        </div>
      ) : (
        <Alert
          type="info"
          action={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={shellWords('npx', 'steward', 'sessions', 'watch', sessionId)} />
              <Button onClick={() => void watch(sessionId, () => setEnded(true)).then(setWatching, setError)}>
                {texts.watch}
              </Button>
            </SpaceBetween>
          }
        >
          {texts.watchOnly}
        </Alert>
      )}
      {ended && <Alert type="info">{texts.watchEnded}</Alert>}
      <AskLink />
    </SpaceBetween>
  )
}

async function watch(sessionId: string, ended: () => void): Promise<Watching> {
  const { StreamUrl = '', TokenValue = '' } = await steward('WatchSession', { SessionId: sessionId })
  const screen = new Screen({ readOnly: true, fixedSize: true })
  const client = new SessionClient({
    sessionId,
    streamUrl: StreamUrl,
    tokenValue: TokenValue,
    output: (bytes) => screen.terminal.write(bytes),
    resized: ({ cols, rows }) => screen.terminal.resize(cols, rows),
    ended,
  })
  client.start()
  return { screen, client }
}
