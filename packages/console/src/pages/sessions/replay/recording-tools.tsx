import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { steward } from '#api/steward.ts'
import { useStore } from '#api/store.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Failed } from '#components/failed.tsx'
import { saveFile } from '#components/save-file.ts'
import { shellWords } from '#components/shell-words.ts'
import { replayTexts as texts } from '#texts/replay.ts'
import type { Player } from './player.ts'

type Verdict = Awaited<ReturnType<typeof verify>>

/** Proves a recording, and takes it away. */
export function RecordingTools({ player, sessionId }: { player: Player; sessionId: string }) {
  const { complete } = useStore(player.state)
  const [busy, setBusy] = useState(false)
  const [verdict, setVerdict] = useState<Verdict>()
  const [error, setError] = useState<unknown>()
  async function check() {
    setBusy(true)
    setError(undefined)
    try {
      setVerdict(await verify(sessionId))
    } catch (fault) {
      setError(fault)
    } finally {
      setBusy(false)
    }
  }
  return (
    <SpaceBetween size="s">
      <div className="st-line">
        <Button iconName="security" loading={busy} onClick={() => void check()}>
          {texts.verify}
        </Button>
        <ButtonDropdown
          items={[
            { id: 'cast', text: texts.exportCast },
            { id: 'text', text: texts.exportText },
          ]}
          onItemClick={({ detail: { id } }) => {
            if (id === 'cast') saveFile(`${sessionId}.cast`, player.recorded.cast, 'application/x-asciicast')
            else saveFile(`${sessionId}.txt`, player.recorded.text)
          }}
        >
          {texts.export}
        </ButtonDropdown>
        <CliCommand
          command={[
            shellWords('steward', 'sessions', 'play', sessionId),
            shellWords('steward', 'sessions', 'verify', sessionId),
            shellWords('steward', 'sessions', 'export', sessionId, '--output', `${sessionId}.cast`),
          ].join('\n')}
        />
      </div>
      {error !== undefined && <Failed error={error} retry={() => void check()} />}
      {verdict && <Verified verdict={verdict} hash={complete ? player.recorded.hash : undefined} />}
    </SpaceBetween>
  )
}

/** `hash`: of the lines that are here, if they are all. */
function Verified({ verdict, hash }: { verdict: Verdict; hash: string | undefined }) {
  const { Intact, Sealed, Cut, Fault, Lines = 0, Hash, AuditEventId } = verdict
  if (!Intact) {
    return (
      <SpaceBetween size="xxs">
        <StatusIndicator type="error">{texts.broken(Fault?.Line ?? 0)}</StatusIndicator>
        <Box>
          {Fault?.Reason} {texts.brokenHint}
        </Box>
      </SpaceBetween>
    )
  }
  return (
    <SpaceBetween size="xxs">
      <StatusIndicator type="success">{Sealed ? texts.intact : texts.intactSoFar}</StatusIndicator>
      {Cut && <StatusIndicator type="warning">{texts.cut}</StatusIndicator>}
      {hash !== undefined && Sealed && (
        <StatusIndicator type={hash === Hash ? 'success' : 'error'}>
          {hash === Hash ? texts.sameHere : texts.otherHere}
        </StatusIndicator>
      )}
      <Box>
        {texts.lines(Lines)} <span className="st-mono st-pre">{Hash}</span>
      </Box>
      <Box>
        {AuditEventId ? (
          <>
            {texts.sealed} <ConsoleLink to={`/audit/${AuditEventId}`}>{texts.sealEvent}</ConsoleLink>
          </>
        ) : (
          texts.notSealed
        )}
      </Box>
    </SpaceBetween>
  )
}

async function verify(SessionId: string) {
  let NextToken: string | undefined
  for (;;) {
    const answer = await steward('VerifySessionRecording', { SessionId, NextToken })
    if (answer.Complete) return answer
    NextToken = answer.NextToken
  }
}
