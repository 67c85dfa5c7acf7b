import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { steward as model } from '@steward/model'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { sessionTexts } from '#texts/sessions.ts'
import { NodeLink, useNodeNames } from './node-link.tsx'
import { PrincipalName, principalName } from './principal.tsx'
import { clockText } from './replay/clock-text.ts'

type Match = Wire<model.SessionRecordingMatch>

const texts = sessionTexts.recordings
const SHORTEST = 2
const PAGES = 5

/** What any session showed, by its text. */
export function RecordingSearch() {
  const [search, setSearch] = useSearchParams()
  const query = search.get('q') ?? ''
  const [typed, setTyped] = useState(query)
  const found = useRead('sessions', ['recordings', query], (signal) => searchRecordings(query, signal), {
    enabled: query.length >= SHORTEST,
  })
  const names = useNodeNames(found.data?.map(({ Target }) => Target) ?? [])
  return (
    <SpaceBetween size="l">
      <Container>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            setSearch((last) => {
              const next = new URLSearchParams(last)
              next.set('q', typed.trim())
              return next
            })
          }}
        >
          <FormField label={texts.label} description={texts.hint} stretch>
            <div className="st-line st-one-row st-wide-first">
              <Input
                type="search"
                value={typed}
                placeholder={texts.placeholder}
                ariaLabel={texts.label}
                spellcheck={false}
                onChange={({ detail }) => setTyped(detail.value)}
              />
              <Button formAction="submit" iconName="search" disabled={typed.trim().length < SHORTEST}>
                {texts.go}
              </Button>
            </div>
          </FormField>
        </form>
      </Container>
      <ResourceTable
        name="sessions-found"
        variant="container"
        title={sessionTexts.views.recordings}
        columns={columns(names)}
        idOf={({ SessionId = '', Milliseconds = 0, Text = '' }) => `${SessionId} ${Milliseconds} ${Text}`}
        items={query.length < SHORTEST ? [] : found.data}
        error={found.error}
        command={shellWords('steward', 'sessions', 'search', query)}
        searchable={false}
        empty={<Empty title={query.length < SHORTEST ? texts.empty : texts.none} />}
      />
    </SpaceBetween>
  )
}

/** The first pages of what is found: whoever needs more asks more exactly. */
async function searchRecordings(Query: string, signal: AbortSignal): Promise<Match[]> {
  const all: Match[] = []
  let NextToken: string | undefined
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await steward('SearchSessionRecordings', { Query, NextToken, MaxResults: 100 }, signal)
    all.push(...(answer.Matches ?? []))
    NextToken = answer.NextToken
    if (!NextToken) break
  }
  return all
}

function columns(names: ReadonlyMap<string, string>): readonly Column<Match>[] {
  return [
    {
      id: 'line',
      header: texts.line,
      rowHeader: true,
      width: 420,
      text: lineOf,
      cell: (match) => (
        <ConsoleLink
          to={`/sessions/${encodeURIComponent(match.SessionId ?? '')}?tab=recording&at=${match.Milliseconds ?? 0}`}
        >
          <span className="st-mono">{lineOf(match) || '–'}</span>
        </ConsoleLink>
      ),
    },
    {
      id: 'at',
      header: texts.at,
      width: 90,
      number: true,
      sort: ({ Milliseconds = 0 }) => Milliseconds,
      text: ({ Milliseconds = 0 }) => clockText(Milliseconds),
      cell: ({ Milliseconds = 0 }) => <Box variant="span">{clockText(Milliseconds)}</Box>,
    },
    {
      id: 'node',
      header: sessionTexts.columns.node,
      width: 160,
      text: ({ Target = '' }) => names.get(Target) ?? Target,
      cell: ({ Target }) => <NodeLink id={Target} names={names} />,
    },
    {
      id: 'owner',
      header: sessionTexts.columns.owner,
      width: 140,
      text: ({ Owner = '' }) => principalName(Owner),
      cell: ({ Owner }) => <PrincipalName arn={Owner} />,
    },
    {
      id: 'date',
      header: texts.when,
      width: 160,
      text: ({ Date: date }) => instant(date)?.toISOString() ?? '',
      cell: ({ Date: date }) => <Time at={instant(date)} only="relative" />,
    },
  ]
}

function lineOf({ Text = '' }: Match): string {
  return plainOutput(Text).trim()
}
