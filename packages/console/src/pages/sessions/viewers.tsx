import type { steward as model } from '@steward/model'
import { allPages, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { sessionTexts } from '#texts/sessions.ts'
import { PrincipalName, principalName } from './principal.tsx'

type View = Wire<model.SessionRecordingView>

const texts = sessionTexts.detail

const columns: readonly Column<View>[] = [
  {
    id: 'viewer',
    header: texts.viewer,
    rowHeader: true,
    width: 240,
    text: ({ Viewer = '' }) => principalName(Viewer),
    cell: ({ Viewer }) => <PrincipalName arn={Viewer} />,
  },
  {
    id: 'kind',
    header: texts.kind,
    width: 120,
    choices: true,
    text: ({ Kind }) => (Kind ? texts.kinds[Kind] : ''),
    cell: ({ Kind }) => (Kind ? texts.kinds[Kind] : '–'),
  },
  {
    id: 'when',
    header: texts.viewedAt,
    width: 260,
    text: ({ Date: date }) => instant(date)?.toISOString() ?? '',
    cell: ({ Date: date }) => <Time at={instant(date)} />,
  },
  {
    id: 'address',
    header: texts.address,
    width: 160,
    text: ({ SourceIp = '' }) => SourceIp,
    cell: ({ SourceIp }) => SourceIp ?? '–',
  },
]

/** Who was shown something of a session. */
export function Viewers({ sessionId }: { sessionId: string }) {
  const views = useRead('sessions', ['views', sessionId], (signal) =>
    allPages<View>(async (NextToken) => {
      const page = await steward('ListSessionRecordingViews', { SessionId: sessionId, NextToken }, signal)
      return { items: page.Views ?? [], next: page.NextToken }
    }),
  )
  return (
    <ResourceTable
      name="session-views"
      variant="container"
      title={texts.viewers}
      columns={columns}
      idOf={({ Viewer = '', Date: date = 0, Kind = '' }) => `${Viewer} ${date} ${Kind}`}
      items={views.data}
      error={views.error}
      retry={() => void views.refetch()}
      sortedBy={{ column: 'when', descending: true }}
      command={shellWords('steward', 'sessions', 'views', sessionId)}
      empty={<Empty title={texts.noViewers} />}
    />
  )
}
