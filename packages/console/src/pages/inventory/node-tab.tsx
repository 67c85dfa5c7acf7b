import { ListInventoryEntriesCommand } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import { stewardCall } from '#components/steward-call.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { inventory } from '#texts/inventory.ts'
import { COLLECT } from './addresses.ts'
import { BillOfMaterialsButton } from './bill-of-materials-button.tsx'
import { changeColumns, idOfChange } from './change-columns.tsx'
import { type Row, useChanges } from './read-inventory.ts'
import { mainAttributes } from './types.ts'

const { node: texts } = inventory

/** What one node reported, type by type, and what of it changed. */
export function InventoryTab({ node }: { node: string }) {
  return (
    <SpaceBetween size="l">
      <Entries node={node} />
      <History node={node} />
    </SpaceBetween>
  )
}

/** Those are known without a report. */
const ALWAYS = [
  'AWS:InstanceInformation',
  'AWS:Tag',
  'AWS:ResourceGroup',
  'AWS:ComplianceItem',
  'AWS:ComplianceSummary',
]

interface Report {
  readonly type: string
  readonly entries: number
  readonly changed: Date | undefined
}

/** What the node reported when. */
function useReports(node: string) {
  const Query = `select type_name, entries, changed_at from report where node_id = '${node.replaceAll("'", "''")}' order by 1`
  return useRead('inventory', ['reports-of', node], async (signal) => {
    const { Rows } = await steward('QueryInventory', { Query }, signal)
    return Rows.map(
      ({ type_name: type = '', entries, changed_at: changed }): Report => ({
        type,
        entries: Number(entries),
        changed: changed ? new Date(changed) : undefined,
      }),
    )
  })
}

function Entries({ node }: { node: string }) {
  const [search, setSearch] = useSearchParams()
  const reports = useReports(node)
  const type = search.get('type') ?? firstOf(reports.data) ?? ALWAYS[0]!
  const read = useEntries(node, type, search.has('type') || !reports.isLoading)
  const columns = useMemo(() => columnsOf(type, read.data?.rows ?? []), [type, read.data])
  const options = optionsOf(reports.data ?? [], type)
  const report = reports.data?.find((one) => one.type === type)
  const none = reports.data?.length === 0
  const choice = (
    <Select
      inlineLabelText={texts.type}
      selectedOption={options.find(({ value }) => value === type) ?? null}
      options={options}
      expandToViewport
      onChange={({ detail }) =>
        setSearch({ tab: 'inventory', type: detail.selectedOption.value ?? '' }, { replace: true })
      }
    />
  )
  return (
    <ResourceTable
      key={type}
      name={`node-inventory-${type}`}
      prefix="i-"
      variant="container"
      title={texts.entries}
      description={<When captured={read.data?.captured} changed={report?.changed} />}
      columns={columns}
      idOf={({ place }) => String(place)}
      items={read.data?.rows}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      above={choice}
      command={shellWords('aws', 'ssm', 'list-inventory-entries', '--instance-id', node, '--type-name', type)}
      actions={
        none ? (
          <ButtonLink to={`${COLLECT}&${new URLSearchParams({ nodes: node })}`}>{inventory.collect}</ButtonLink>
        ) : (
          <BillOfMaterialsButton node={node} />
        )
      }
      empty={<Empty title={texts.none}>{none && texts.noneBody}</Empty>}
    />
  )
}

function firstOf(reports: readonly Report[] | undefined): string | undefined {
  return (reports?.find(({ type }) => type === 'AWS:Application') ?? reports?.[0])?.type
}

function optionsOf(reports: readonly Report[], asked: string) {
  const options = [
    ...reports.map(({ type, entries }) => ({ value: type, label: type, labelTag: texts.option(entries) })),
    ...ALWAYS.filter((type) => !reports.some((report) => report.type === type)).map((type) => ({
      value: type,
      label: type,
      labelTag: texts.derived,
    })),
  ]
  return options.some(({ value }) => value === asked) ? options : [...options, { value: asked, label: asked }]
}

function When({ captured, changed }: { captured: Date | undefined; changed: Date | undefined }) {
  if (!captured) return null
  return (
    <>
      {texts.captured} <Time at={captured} only="relative" />
      {changed && (
        <>
          , {texts.changed} <Time at={changed} only="relative" />
        </>
      )}
    </>
  )
}

const PAGE = 50

/** All entries of a type, as the node told them. */
function useEntries(node: string, type: string, enabled: boolean) {
  return useRead(
    'inventory',
    ['entries-of', node, type],
    async (abortSignal) => {
      const rows: Row[] = []
      let captured: string | undefined
      let token: string | undefined
      do {
        const input = { InstanceId: node, TypeName: type, MaxResults: PAGE, NextToken: token }
        const page = await ssm().send(new ListInventoryEntriesCommand(input), { abortSignal })
        for (const values of page.Entries ?? []) rows.push({ place: rows.length, values })
        captured = page.CaptureTime
        token = page.NextToken
      } while (token)
      return { rows, captured: captured ? new Date(captured) : undefined }
    },
    { enabled, keepLast: false },
  )
}

/** The attributes that some entry has, the telling ones first. */
function columnsOf(type: string, rows: readonly Row[]): Column<Row>[] {
  const all = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))]
  const main = mainAttributes(type, all)
  return [...main, ...all.filter((name) => !main.includes(name))].map((name, index) => ({
    id: name,
    header: name,
    cell: ({ values }) => values[name] || '–',
    text: ({ values }) => values[name] ?? '',
    rowHeader: index === 0,
    width: index === 0 ? 240 : 180,
  }))
}

const CHANGE_COLUMNS = changeColumns({ ofOne: true })

function History({ node }: { node: string }) {
  const read = useChanges({ InstanceId: node })
  const { changes } = inventory
  return (
    <ResourceTable
      name="node-inventory-changes"
      prefix="h-"
      variant="container"
      title={texts.history}
      columns={CHANGE_COLUMNS}
      idOf={idOfChange}
      items={read.data?.Changes}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      command={stewardCall('ListInventoryChanges', { InstanceId: node })}
      footer={read.data?.NextToken && <Box color="text-body-secondary">{changes.cut(read.data.Changes.length)}</Box>}
      empty={<Empty title={changes.empty}>{changes.noneHint}</Empty>}
    />
  )
}
