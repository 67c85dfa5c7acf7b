import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import { failureOf } from '#api/failure.ts'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { notify } from '#app/notifications.tsx'
import { ButtonLink } from '#components/button-link.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { downloadCsv, useSelection } from '#components/table/resource-table.tsx'
import { useTableState } from '#components/table/table-state.ts'
import { TableView } from '#components/table/table-view.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { DeleteParameters } from './delete-parameters.tsx'
import { LastReads } from './last-reads.tsx'
import { idOfRow, parameterColumns, type Row } from './parameter-columns.tsx'
import { toCommand, toInput } from './parameter-search.ts'
import { PathTrail } from './path-trail.tsx'
import { isPublic } from './paths.ts'
import { Whose } from './whose.tsx'

const A_LOT = 500

/** Parameters of the account or public ones: level by level as a tree, or as one table. */
export function BrowseParameters() {
  const [search, setSearch] = useSearchParams()
  const path = search.get('path') ?? '/'
  const byLevel = search.get('view') !== 'table'
  const isOwn = !isPublic(path)
  const state = useTableState('parameters')
  const input = useMemo(() => toInput({ path, byLevel, query: state.query }), [path, byLevel, state.query])
  const page = { Skip: (state.query.page - 1) * state.pageSize, MaxResults: state.pageSize }
  const read = useRead('parameters', ['search', input, page], (signal) =>
    steward('SearchParameters', { ...input, ...page }, signal),
  )
  const items = useMemo(() => read.data && rowsOf(read.data), [read.data])
  const selection = useSelection(items, idOfRow)
  const selected = selection.selected.flatMap(({ parameter }) => (parameter ? [parameter] : []))
  const [asking, setAsking] = useState<'delete' | 'reads'>()
  const columns = useMemo(() => parameterColumns(!input.Recursive), [input.Recursive])
  const count = read.data && read.data.FolderCount + read.data.ParameterCount
  return (
    <PageFrame title={isOwn ? texts.title : texts.publicTitle} contentType="table" titleInContent>
      <TableView
        state={{ ...state, query: { ...state.query, sort: state.query.sort ?? { column: 'Name', descending: false } } }}
        title={isOwn ? texts.title : texts.publicTitle}
        description={
          read.data && !input.Recursive ? texts.level(read.data) : isOwn ? texts.description : texts.publicHint
        }
        columns={columns}
        idOf={idOfRow}
        items={items}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        matching={count}
        total={input.Recursive ? count : undefined}
        properties={texts.properties.map((property) => ({ ...property, operators: [...property.operators] }))}
        choices={CHOICES}
        placeholder={texts.search}
        allMustHold
        command={toCommand(input)}
        onDownload={() => download(input, columns, state).catch(notDownloaded)}
        {...(isOwn && {
          selection: { ...selection, isDisabled: ({ folder }: Row) => folder !== undefined },
          actions: (
            <>
              <ButtonDropdown
                disabled={selected.length === 0}
                items={[
                  { id: 'reads', text: texts.lastReads.act },
                  { id: 'delete', text: texts.delete },
                ]}
                onItemClick={({ detail }) => setAsking(detail.id as 'delete' | 'reads')}
              >
                {texts.actions}
              </ButtonDropdown>
              <ButtonLink to={`/parameters/new?${new URLSearchParams({ path })}`} variant="primary">
                {texts.create}
              </ButtonLink>
            </>
          ),
        })}
        above={
          <SpaceBetween direction="horizontal" size="m" alignItems="center">
            <Whose />
            <SegmentedControl
              selectedId={byLevel ? 'tree' : 'table'}
              label={texts.views.label}
              options={[
                { id: 'tree', text: texts.views.tree, iconName: 'folder' },
                { id: 'table', text: texts.views.table, iconName: 'view-full' },
              ]}
              onChange={({ detail }) => setSearch(viewedAs(detail.selectedId))}
            />
            <PathTrail path={path} />
          </SpaceBetween>
        }
        empty={
          <Empty
            title={path === '/' ? texts.empty.title : texts.empty.below(path)}
            action={
              isOwn && <ButtonLink to={`/parameters/new?${new URLSearchParams({ path })}`}>{texts.create}</ButtonLink>
            }
          >
            {isOwn ? texts.empty.body : texts.publicEmpty}
          </Empty>
        }
      />
      {asking === 'reads' && <LastReads of={selected} onClose={() => setAsking(undefined)} />}
      {asking === 'delete' && (
        <DeleteParameters names={selected.map(({ Name = '' }) => Name)} onClose={() => setAsking(undefined)} />
      )}
    </PageFrame>
  )
}

/** The address with the other view, on its first page. */
function viewedAs(view: string): (last: URLSearchParams) => URLSearchParams {
  return (last) => {
    const next = new URLSearchParams(last)
    next.delete('page')
    if (view === 'tree') next.delete('view')
    else next.set('view', view)
    return next
  }
}

type Answer = Awaited<ReturnType<typeof readPage>>

function readPage(input: ReturnType<typeof toInput>) {
  return steward('SearchParameters', input)
}

function rowsOf({ Folders, Parameters }: Answer): Row[] {
  return [...Folders.map((folder) => ({ folder })), ...Parameters.map((parameter) => ({ parameter }))]
}

/** All that match, below the path too, whatever page is shown. */
async function download(
  input: ReturnType<typeof toInput>,
  columns: ReturnType<typeof parameterColumns>,
  preferences: Parameters<typeof downloadCsv>[3],
): Promise<void> {
  const rows: Row[] = []
  for (let read = A_LOT; read === A_LOT; ) {
    const page = rowsOf(await readPage({ ...input, Recursive: true, Skip: rows.length, MaxResults: A_LOT }))
    rows.push(...page)
    read = page.length
  }
  downloadCsv('parameters', rows, columns, preferences)
}

function notDownloaded(error: unknown): void {
  const { code, message } = failureOf(error)
  notify({ type: 'error', header: texts.notDownloaded, content: `${code}: ${message}` })
}

const CHOICES = Object.entries({
  Type: ['String', 'StringList', 'SecureString'],
  Tier: ['Standard', 'Advanced'],
  DataType: ['text', 'aws:ec2:image', 'aws:ssm:integration'],
}).flatMap(([propertyKey, values]) => values.map((value) => ({ propertyKey, value })))
