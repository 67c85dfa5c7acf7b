import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useSearchParams } from 'wouter'
import { instant } from '#api/wire.ts'
import { notify } from '#app/notifications.tsx'
import { ButtonLink } from '#components/button-link.tsx'
import { Empty } from '#components/empty.tsx'
import { Failed } from '#components/failed.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { downloadCsv } from '#components/table/resource-table.tsx'
import { useTableState } from '#components/table/table-state.ts'
import { TableView } from '#components/table/table-view.tsx'
import { Time } from '#components/time.tsx'
import { audit } from '#texts/audit.ts'
import { auditColumns, serviceOf, whoOf } from './audit-columns.tsx'
import { type AuditQuery, auditQuery, NEWEST_FIRST, type Range, toCommand, VIEWS } from './audit-query.ts'
import { RangePicker } from './range-picker.tsx'
import { allRecords, useAuditRecords } from './use-audit-records.ts'

export function AuditPage() {
  const kept = useTableState('audit')
  const state = { ...kept, query: { ...kept.query, sort: kept.query.sort ?? NEWEST_FIRST } }
  const [search, setSearch] = useSearchParams()
  const query = auditQuery(search, state.query)
  const { read, news, pages } = useAuditRecords(query)
  const records = read.data && pages.flatMap(({ records }) => records)
  const set = (change: Readonly<Record<string, string | undefined>>) =>
    setSearch((last) => changed(last, change), { replace: true })
  return (
    <PageFrame title={audit.title} contentType="table" titleInContent>
      <TableView
        state={state}
        title={audit.title}
        description={audit.description}
        columns={auditColumns}
        idOf={({ EventId }) => EventId ?? ''}
        items={records}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        matching={undefined}
        total={undefined}
        properties={PROPERTIES}
        choices={choicesOf(records ?? [])}
        placeholder={audit.search}
        allMustHold
        command={toCommand(query, Date.now())}
        onDownload={() => void download(query, state)}
        actions={<ButtonLink to="/audit/verify">{audit.verify}</ButtonLink>}
        above={
          <Narrow query={query} onView={(view) => set({ view })} onRange={(range) => set({ ...NO_RANGE, ...range })}>
            {news > 0 && (
              <Button iconName="refresh" onClick={() => void read.refetch()}>
                {audit.news(news)}
              </Button>
            )}
          </Narrow>
        }
        footer={
          <More
            pages={pages}
            oldestFirst={query.oldestFirst}
            more={read.hasNextPage}
            busy={read.isFetchingNextPage}
            onMore={read.fetchNextPage}
          />
        }
        empty={<Empty title={audit.empty.title}>{audit.empty.body}</Empty>}
      />
      {read.error && records && <Failed error={read.error} retry={() => void read.refetch()} />}
    </PageFrame>
  )
}

const NO_RANGE = { last: undefined, from: undefined, to: undefined }

function changed(last: URLSearchParams, change: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const next = new URLSearchParams(last)
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === 'changes') next.delete(name)
    else next.set(name, value)
  }
  return next
}

function Narrow(props: {
  query: AuditQuery
  onView: (view: string) => void
  onRange: (range: Range) => void
  children: React.ReactNode
}) {
  return (
    <SpaceBetween direction="horizontal" size="s" alignItems="end">
      <SegmentedControl
        label={audit.views.label}
        selectedId={props.query.view}
        options={VIEWS.map((id) => ({ id, text: audit.views[id] }))}
        onChange={({ detail }) => props.onView(detail.selectedId)}
      />
      <RangePicker range={props.query.range} onChange={props.onRange} />
      {props.children}
    </SpaceBetween>
  )
}

function More(props: {
  pages: ReturnType<typeof useAuditRecords>['pages']
  oldestFirst: boolean
  more: boolean
  busy: boolean
  onMore: () => unknown
}) {
  const last = props.pages.at(-1)
  if (!last) return null
  if (!props.more)
    return (
      <Box textAlign="center" color="text-body-secondary">
        {audit.atTheEnd}
      </Box>
    )
  return (
    <Box textAlign="center">
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <Button onClick={() => props.onMore()} loading={props.busy}>
          {props.oldestFirst ? audit.newer : audit.older}
        </Button>
        <Box color="text-body-secondary">
          {props.oldestFirst ? audit.searchedUp : audit.searchedBack}{' '}
          <Time at={instant(last.searchedTo)} only="absolute" />
        </Box>
      </SpaceBetween>
    </Box>
  )
}

const PROPERTIES = (['principal', 'action', 'service', 'resource', 'outcome', 'ip', 'key', 'request'] as const).map(
  (key) => ({
    key,
    propertyLabel: audit.properties[key],
    groupValuesLabel: audit.group(audit.properties[key]),
    operators: ['='] as const,
  }),
)

/** What the calls that are shown have: a start for typing. */
function choicesOf(records: NonNullable<Awaited<ReturnType<typeof allRecords>>['records']>) {
  const values = {
    principal: records.map(({ Principal }) => whoOf(Principal)),
    action: records.map(({ EventName = '' }) => EventName),
    service: records.map(({ EventSource }) => serviceOf(EventSource)),
    resource: records.flatMap(({ Resources = [] }) => Resources.map(({ Name = '' }) => Name)),
    outcome: Object.keys(audit.outcomes),
    ip: records.map(({ SourceIpAddress = '' }) => SourceIpAddress),
  }
  return Object.entries(values).flatMap(([propertyKey, all]) =>
    [...new Set(all)].filter((value) => value !== '' && value !== '–').map((value) => ({ propertyKey, value })),
  )
}

async function download(query: AuditQuery, preferences: Parameters<typeof downloadCsv>[3]): Promise<void> {
  let dismiss = notify({ type: 'in-progress', header: audit.downloadBusy(0) })
  try {
    const { records, cut } = await allRecords(query, (count) => {
      dismiss()
      dismiss = notify({ type: 'in-progress', header: audit.downloadBusy(count) })
    })
    downloadCsv('audit', records, auditColumns, preferences)
    if (cut) notify({ type: 'warning', header: audit.downloadCut(records.length, query.oldestFirst) })
  } catch (error) {
    notify({ type: 'error', header: audit.title, content: <Failed error={error} /> })
  } finally {
    dismiss()
  }
}
