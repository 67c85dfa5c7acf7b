import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { steward as model } from '@steward/model'
import { useEffect, useState } from 'react'
import { failureOf, isForbidden } from '#api/failure.ts'
import { useStore } from '#api/store.ts'
import type { Wire } from '#api/wire.ts'
import { Failed } from '#components/failed.tsx'
import { Waiting } from '#components/waiting.tsx'
import { replayTexts as texts } from '#texts/replay.ts'
import { AskLink } from '../terminal/ask-link.tsx'
import { ScreenHost } from '../terminal/screen-host.tsx'
import { LiveView } from './live-view.tsx'
import { Player } from './player.ts'
import { PlayerControls } from './player-controls.tsx'
import { RecordingTools } from './recording-tools.tsx'
import { SearchInRecording } from './search-in-recording.tsx'

export interface RecordingPanelProps {
  readonly sessionId: string
  readonly nodeName: string
  /** The session goes on. */
  readonly active: boolean
  /** Where to begin, in milliseconds. */
  readonly from: number | undefined
}

/** What a session showed: to be played, searched, proven and taken away; while it goes on, live. */
export function RecordingPanel({ sessionId, nodeName, active, from }: RecordingPanelProps) {
  const [player, setPlayer] = useState<Player>()
  // That the session ends meanwhile the player learns by itself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it must not begin anew then
  useEffect(() => {
    const made = new Player(sessionId)
    setPlayer(made)
    void made.load(from, active)
    return () => made.dispose()
  }, [sessionId, from])
  return player ? <Playing key={sessionId} player={player} {...{ sessionId, nodeName, active }} /> : <Waiting />
}

function Playing({ player, sessionId, nodeName, active }: Omit<RecordingPanelProps, 'from'> & { player: Player }) {
  const { error, ready, recording } = useStore(player.state)
  if (error !== undefined) {
    if (active && isForbidden(error)) return <LiveView sessionId={sessionId} nodeName={nodeName} />
    if (failureOf(error).code === 'SessionRecordingNotFound') return <Box>{texts.notFound}</Box>
    return <Failed error={error} />
  }
  if (!ready) return <Waiting />
  const nothing = nothingToSee(recording)
  if (nothing) return <Alert type="info">{nothing}</Alert>
  return (
    <SpaceBetween size="m">
      <div className="st-replay">
        <ScreenHost screen={player.screen} label={texts.label(nodeName)} />
      </div>
      <PlayerControls player={player} />
      <RecordingTools player={player} sessionId={sessionId} />
      <SearchInRecording sessionId={sessionId} onSeek={(milliseconds) => player.lookAt(milliseconds)} />
      <AskLink />
    </SpaceBetween>
  )
}

function nothingToSee(recording: Wire<model.SessionRecording> = {}): string | undefined {
  const { Content, Destination } = recording
  if (Content === 'Encrypted') return texts.encrypted
  return Content === 'None' ? texts.port(Destination ? `, ${Destination}` : '') : undefined
}
