import type { Session } from '@aws-sdk/client-ssm'
import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { ButtonLink } from '#components/button-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ResourceTable, useSelection } from '#components/table/resource-table.tsx'
import { sessionTexts } from '#texts/sessions.ts'
import { useNodeNames } from './node-link.tsx'
import { useSessions } from './read-sessions.ts'
import { sessionColumns } from './session-columns.tsx'
import { TerminateSession } from './terminate-session.tsx'

const texts = sessionTexts.active

/** Who is in a session now. */
export function ActiveSessions() {
  const [search] = useSearchParams()
  const node = search.get('node') ?? undefined
  const sessions = useSessions('Active', { node })
  const names = useNodeNames(sessions.data?.map(({ Target }) => Target) ?? [])
  const selection = useSelection(sessions.data, idOf)
  const [ending, setEnding] = useState<readonly Session[]>([])
  return (
    <>
      <ResourceTable
        name="sessions-active"
        variant="container"
        title={sessionTexts.views.active}
        {...(sessions.data?.some(({ Status }) => Status === 'Disconnected') && { description: texts.hint })}
        columns={sessionColumns(names, false)}
        idOf={idOf}
        items={sessions.data}
        error={sessions.error}
        retry={() => void sessions.refetch()}
        reading={sessions.isFetching}
        selection={selection}
        sortedBy={{ column: 'started', descending: true }}
        command={shellWords(
          ...['aws', 'ssm', 'describe-sessions', '--state', 'Active'],
          ...(node ? ['--filters', `key=Target,value=${node}`] : []),
        )}
        actions={
          <Button disabled={selection.selected.length === 0} onClick={() => setEnding(selection.selected)}>
            {texts.terminate}
          </Button>
        }
        empty={
          <Empty title={texts.empty} action={<ButtonLink to="/sessions/shell?new">{sessionTexts.start}</ButtonLink>}>
            {texts.emptyHint}
          </Empty>
        }
      />
      {ending.length > 0 && (
        <TerminateSession
          sessions={ending.map(({ SessionId = '', Target = '' }) => ({
            id: SessionId,
            node: names.get(Target) ?? Target,
          }))}
          onClose={() => setEnding([])}
        />
      )}
    </>
  )
}

function idOf({ SessionId = '' }: Session): string {
  return SessionId
}
