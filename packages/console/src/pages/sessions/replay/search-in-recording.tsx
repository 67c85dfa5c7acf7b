import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Loaded } from '#components/loaded.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { stewardCall } from '#components/steward-call.ts'
import { replayTexts as texts } from '#texts/replay.ts'
import { clockText } from './clock-text.ts'

const SHORTEST = 2

export interface SearchInRecordingProps {
  readonly sessionId: string
  readonly onSeek: (milliseconds: number) => void
}

/** Where in a recording a text was shown. */
export function SearchInRecording({ sessionId, onSeek }: SearchInRecordingProps) {
  const [typed, setTyped] = useState('')
  const [query, setQuery] = useState('')
  const found = useRead(
    'sessions',
    ['recording', sessionId, query],
    (signal) => steward('SearchSessionRecordings', { SessionId: sessionId, Query: query, MaxResults: 100 }, signal),
    { enabled: query !== '', keepLast: false },
  )
  return (
    <SpaceBetween size="s">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setQuery(typed.trim())
        }}
      >
        <FormField label={texts.search}>
          <div className="st-line st-one-row st-wide-first">
            <Input
              type="search"
              value={typed}
              ariaLabel={texts.search}
              spellcheck={false}
              onChange={({ detail }) => setTyped(detail.value)}
            />
            <Button formAction="submit" iconName="search" disabled={typed.trim().length < SHORTEST}>
              {texts.searchGo}
            </Button>
          </div>
        </FormField>
      </form>
      {query !== '' && (
        <Loaded read={found}>
          {({ Matches = [] }) => (
            <SpaceBetween size="xxs">
              <div className="st-spread">
                <Box color="text-body-secondary">{Matches.length === 0 ? texts.none : texts.found(Matches.length)}</Box>
                <CliCommand command={stewardCall('SearchSessionRecordings', { SessionId: sessionId, Query: query })} />
              </div>
              {Matches.map(({ Milliseconds = 0, Text = '' }) => (
                <div key={`${Milliseconds} ${Text}`} className="st-line st-one-row st-found">
                  <Link
                    href="#"
                    onFollow={(event) => {
                      event.preventDefault()
                      onSeek(Milliseconds)
                    }}
                  >
                    <span className="st-number">{clockText(Milliseconds)}</span>
                  </Link>
                  <span className="st-mono st-one-line">{plainOutput(Text).trim()}</span>
                </div>
              ))}
            </SpaceBetween>
          )}
        </Loaded>
      )}
    </SpaceBetween>
  )
}
