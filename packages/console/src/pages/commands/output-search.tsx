import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { CommandOutputMatch } from '@steward/model/generated/steward.ts'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Failed } from '#components/failed.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { stewardCall } from '#components/steward-call.ts'
import { Waiting } from '#components/waiting.tsx'
import { commands } from '#texts/commands.ts'

const words = commands.outputs

/** Finds lines in what all nodes said. */
export function OutputSearch({ id }: { id: string }) {
  const [search, setSearch] = useSearchParams()
  const wanted = search.get('find') ?? ''
  const [typed, setTyped] = useState(wanted)
  const ask = () => setSearch(typed ? { tab: 'outputs', find: typed } : { tab: 'outputs' }, { replace: true })
  return (
    <SpaceBetween size="s">
      <search>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            ask()
          }}
        >
          <Input
            type="search"
            value={typed}
            onChange={({ detail }) => {
              setTyped(detail.value)
              if (detail.value === '') setSearch({ tab: 'outputs' }, { replace: true })
            }}
            placeholder={words.find}
            ariaLabel={words.find}
          />
        </form>
      </search>
      {wanted && <Matches key={wanted} id={id} wanted={wanted} />}
    </SpaceBetween>
  )
}

function Matches({ id, wanted }: { id: string; wanted: string }) {
  const [tokens, setTokens] = useState<readonly (string | undefined)[]>([undefined])
  const last = tokens.at(-1)
  const read = useRead('invocations', ['found', id, wanted, tokens], async (signal) => {
    const pages = await Promise.all(
      tokens.map((NextToken) => steward('SearchCommandOutputs', { CommandId: id, Query: wanted, NextToken }, signal)),
    )
    return { matches: pages.flatMap(({ Matches = [] }) => Matches), next: pages.at(-1)?.NextToken }
  })
  if (read.error && !read.data) return <Failed error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Waiting what={words.searching} />
  const { matches, next } = read.data
  return (
    <SpaceBetween size="xs">
      <div className="st-spread">
        <Box color="text-body-secondary">
          <span role="status">{words.found(matches.length)}</span>
        </Box>
        <CliCommand command={stewardCall('SearchCommandOutputs', { CommandId: id, Query: wanted })} />
      </div>
      {matches.map((match) => (
        <Match key={JSON.stringify(match)} id={id} match={match} />
      ))}
      {next && next !== last && (
        <Button loading={read.isFetching} onClick={() => setTokens([...tokens, next])}>
          {words.searchOn}
        </Button>
      )}
    </SpaceBetween>
  )
}

function Match({ id, match }: { id: string; match: Wire<CommandOutputMatch> }) {
  const { InstanceId, InstanceName, LineNumber = 0, StreamName, Text = '' } = match
  return (
    <div className="st-match">
      <Box variant="small" color="text-body-secondary">
        <ConsoleLink to={`/commands/${id}/${InstanceId}`} fontSize="body-s">
          {InstanceName || InstanceId}
        </ConsoleLink>{' '}
        {[words.line(LineNumber), StreamName === 'stderr' && words.stderr].filter(Boolean).join(' · ')}
      </Box>
      <pre className="st-mono st-pre">{plainOutput(Text)}</pre>
    </div>
  )
}
