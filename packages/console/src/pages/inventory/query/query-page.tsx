import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { steward as model } from '@steward/model'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useSearchParams } from 'wouter'
import { useAct } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Editor } from '#components/editor/editor.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import { Waiting } from '#components/waiting.tsx'
import { inventory } from '#texts/inventory.ts'
import { queryTexts as texts } from '#texts/inventory-query.ts'
import { useSummary } from '../read-inventory.ts'
import { RegionsChoice } from '../syncs/regions-choice.tsx'
import { QueryResult } from './query-result.tsx'
import { SavedQueries, SaveQuery } from './saved-queries.tsx'
import { type QueryTable, queryLanguage } from './sql-language.ts'
import { TablesReference } from './tables-reference.tsx'

const ABOVE = [{ text: inventory.title, to: '/inventory' }]
const ROWS = ['100', '1000', '10000']
const USUAL_ROWS = '1000'
/** What the server has besides the types. */
const PLAIN: readonly QueryTable[] = [
  {
    name: 'report',
    columns: ['node_id', 'type_name', 'schema_version', 'capture_time', 'reported_at', 'changed_at', 'entries'],
    of: texts.reports,
  },
  { name: 'change', columns: ['node_id', 'type_name', 'at', 'kind', 'name', 'before', 'after'], of: texts.changes },
]

export type Answer = Wire<model.QueryInventoryResult>

/** One select over the inventory of all nodes. The query that was run is in the address; one that comes with it runs by itself. */
export function QueryPage() {
  const [search, setSearch] = useSearchParams()
  const asked = search.get('q') ?? ''
  const rows = search.get('rows') ?? USUAL_ROWS
  const sync = search.get('sync') ?? ''
  const [text, setText] = useState(asked || texts.given.patch.text)
  const run = useAct([], (input: { query: string; rows: string; sync: string }) =>
    steward('QueryInventory', {
      Query: input.query,
      MaxResults: Number(input.rows),
      ...(input.sync && { SyncName: input.sync }),
    }),
  )
  const { mutate } = run
  const runs = useRef<string>(undefined)

  useEffect(() => {
    if (!asked || runs.current === `${sync} ${rows} ${asked}`) return
    runs.current = `${sync} ${rows} ${asked}`
    setText(asked)
    mutate({ query: asked, rows, sync })
  }, [asked, rows, sync, mutate])

  function ask(query: string, limit = rows) {
    runs.current = `${sync} ${limit} ${query}`
    setSearch({ q: query, ...(limit !== USUAL_ROWS && { rows: limit }), ...(sync && { sync }) }, { replace: true })
    mutate({ query, rows: limit, sync })
  }

  return (
    <PageFrame
      title={texts.title}
      description={texts.description}
      above={ABOVE}
      actions={
        <CliCommand
          command={shellWords('npx', 'steward', 'query', text, '--limit', rows, ...(sync ? ['--sync', sync] : []))}
        />
      }
    >
      <SpaceBetween size="l">
        <RegionsChoice
          value={sync}
          onChange={(value) => {
            const others = [...search].filter(([name]) => name !== 'sync')
            setSearch([...others, ...(value ? [['sync', value]] : [])], { replace: true })
          }}
        />
        <QueryBox text={text} rows={rows} sync={sync} busy={run.isPending} onText={setText} onRun={ask} />
        {run.isPending && <Waiting what={texts.running} />}
        {run.isError && !run.isPending && <Failed error={run.error} />}
        {run.data && !run.isPending && <QueryResult answer={run.data} />}
        <SavedQueries />
      </SpaceBetween>
    </PageFrame>
  )
}

interface QueryBoxProps {
  readonly text: string
  readonly rows: string
  readonly sync: string
  readonly busy: boolean
  readonly onText: (text: string) => void
  readonly onRun: (text: string, rows?: string) => void
}

function QueryBox({ text, rows, sync, busy, onText, onRun }: QueryBoxProps) {
  const summary = useSummary(sync)
  const types = summary.data?.Types
  const tables = useMemo(() => {
    const all: QueryTable[] = [...(types ?? []).map(tableOf), ...PLAIN]
    return sync ? all.map((table) => ({ ...table, columns: [...table.columns, 'region'] })) : all
  }, [types, sync])
  const latest = useRef({ tables, onRun })
  latest.current = { tables, onRun }
  // An editor that were made anew when a node reports something would lose its focus.
  const extensions = useMemo(
    () => queryLanguage({ tables: () => latest.current.tables, onRun: (query) => latest.current.onRun(query) }),
    [],
  )
  const examples = Object.entries(texts.given)
  const [saving, setSaving] = useState(false)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${texts.keys} ${texts.limits}`}
          actions={
            <ButtonDropdown
              items={examples.map(([id, { name }]) => ({ id, text: name }))}
              onItemClick={({ detail }) => onText(texts.given[detail.id as keyof typeof texts.given].text)}
            >
              {texts.examples}
            </ButtonDropdown>
          }
        >
          {texts.editor}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Editor value={text} onChange={onText} language="text" label={texts.editor} extensions={extensions} />
        <div className="st-actions">
          <Button variant="primary" loading={busy} disabled={text.trim() === ''} onClick={() => onRun(text)}>
            {texts.run}
          </Button>
          <Button disabled={text.trim() === ''} onClick={() => setSaving(true)}>
            {texts.save}
          </Button>
          <Select
            inlineLabelText={texts.rows}
            selectedOption={{ value: rows, label: Number(rows).toLocaleString('en') }}
            options={ROWS.map((value) => ({ value, label: Number(value).toLocaleString('en') }))}
            onChange={({ detail }) => onRun(text, detail.selectedOption.value)}
          />
        </div>
        {saving && <SaveQuery query={text} onClose={() => setSaving(false)} />}
        <Loaded read={summary}>{() => <TablesReference tables={tables} />}</Loaded>
        <Box variant="small" color="text-body-secondary">
          {texts.tablesHint}
        </Box>
      </SpaceBetween>
    </Container>
  )
}

function tableOf({
  TypeName,
  TableName,
  Columns,
}: {
  TypeName: string
  TableName: string
  Columns: readonly string[]
}) {
  return { name: TableName, columns: Columns, of: TypeName }
}
