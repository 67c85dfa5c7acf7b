import FormField from '@cloudscape-design/components/form-field'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import { useSearchParams } from 'wouter'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { sessionTexts } from '#texts/sessions.ts'
import { useNodeNames } from './node-link.tsx'
import { useSessions } from './read-sessions.ts'
import { sessionColumns } from './session-columns.tsx'

const texts = sessionTexts.history

const SPANS = { day: 24, week: 7 * 24, month: 30 * 24, all: undefined }

type Span = keyof typeof SPANS

/** What was, as far back as the person wants. */
export function PastSessions() {
  const [search, setSearch] = useSearchParams()
  const node = search.get('node') ?? undefined
  const asked = search.get('since') as Span | null
  const span = asked && asked in SPANS ? asked : 'week'
  const sessions = useSessions('History', { node, hours: SPANS[span] })
  const names = useNodeNames(sessions.data?.map(({ Target }) => Target) ?? [])
  return (
    <ResourceTable
      name="sessions-history"
      variant="container"
      title={sessionTexts.views.history}
      columns={sessionColumns(names, true)}
      idOf={({ SessionId = '' }) => SessionId}
      items={sessions.data}
      error={sessions.error}
      retry={() => void sessions.refetch()}
      reading={sessions.isFetching}
      sortedBy={{ column: 'started', descending: true }}
      command={shellWords(
        ...['aws', 'ssm', 'describe-sessions', '--state', 'History'],
        ...(node ? ['--filters', `key=Target,value=${node}`] : []),
      )}
      above={
        <FormField label={texts.since}>
          <SegmentedControl
            label={texts.since}
            selectedId={span}
            options={(Object.keys(SPANS) as Span[]).map((id) => ({ id, text: texts.spans[id] }))}
            onChange={({ detail }) =>
              setSearch(
                (last) => {
                  const next = new URLSearchParams(last)
                  next.set('since', detail.selectedId)
                  next.delete('page')
                  return next
                },
                { replace: true },
              )
            }
          />
        </FormField>
      }
      empty={<Empty title={texts.empty}>{texts.emptyHint}</Empty>}
    />
  )
}
