import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import type { steward as model } from '@steward/model'
import { useMemo, useState } from 'react'
import { allPages, useAct, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { stewardCall } from '#components/steward-call.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { saved as texts } from '#texts/inventory-query.ts'
import { queryAddress } from '../addresses.ts'

type SavedQuery = Wire<model.SavedInventoryQuery>

function useSavedQueries() {
  return useRead('inventory', ['saved-queries'], (signal) =>
    allPages(async (NextToken) => {
      const answer = await steward('ListInventoryQueries', { ...(NextToken && { NextToken }) }, signal)
      return { items: answer.Queries, next: answer.NextToken }
    }),
  )
}

/** The queries that people keep for each other. */
export function SavedQueries() {
  const read = useSavedQueries()
  const [deleted, setDeleted] = useState<string>()
  const columns = useMemo(() => columnsOf(setDeleted), [])
  return (
    <>
      <ResourceTable
        name="inventory-saved-queries"
        prefix="s-"
        variant="container"
        searchable={(read.data?.length ?? 0) > SHORT}
        title={texts.title}
        description={texts.description}
        columns={columns}
        idOf={({ Name }) => Name}
        items={read.data}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        command={stewardCall('ListInventoryQueries', {})}
        empty={<Empty title={texts.none}>{texts.noneBody}</Empty>}
      />
      {deleted !== undefined && <DeleteQuery name={deleted} onClose={() => setDeleted(undefined)} />}
    </>
  )
}

/** A list that can be taken in at a glance. */
const SHORT = 10

function columnsOf(onDelete: (name: string) => void): readonly Column<SavedQuery>[] {
  return [
    {
      id: 'name',
      header: texts.name,
      cell: ({ Name, Query }) => <ConsoleLink to={queryAddress(Query)}>{Name}</ConsoleLink>,
      text: ({ Name }) => Name,
      rowHeader: true,
      width: 200,
    },
    {
      id: 'query',
      header: texts.query,
      cell: ({ Query }) => <span className="st-mono">{Query.replace(/\s+/g, ' ')}</span>,
      text: ({ Query }) => Query,
      width: 340,
    },
    { id: 'by', header: texts.by, cell: ({ SavedBy }) => ownName(SavedBy), text: ({ SavedBy }) => SavedBy, width: 130 },
    {
      id: 'at',
      header: texts.at,
      cell: ({ SavedDate }) => <Time at={instant(SavedDate)} only="relative" />,
      text: ({ SavedDate }) => instant(SavedDate)?.toISOString() ?? '',
      width: 120,
    },
    {
      id: 'acts',
      header: texts.acts,
      cell: ({ Name }) => (
        <Button variant="inline-link" ariaLabel={`${texts.delete} ${Name}`} onClick={() => onDelete(Name)}>
          {texts.delete}
        </Button>
      ),
      width: 90,
    },
  ]
}

/** What stands last in an ARN: the name of a user, or of a session of a role. */
function ownName(arn: string): string {
  return arn.split(/[:/]/).at(-1) ?? arn
}

function DeleteQuery({ name, onClose }: { name: string; onClose: () => void }) {
  const act = useAct(['inventory'], () => steward('DeleteInventoryQuery', { Name: name }))
  return (
    <Confirm
      title={texts.deleteTitle}
      act={texts.delete}
      command={stewardCall('DeleteInventoryQuery', { Name: name })}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.deleted(name) })
      }}
      onClose={onClose}
    >
      {texts.deleteBody(name)}
    </Confirm>
  )
}

/** Keeps a query under a name; one that is there already is replaced only on purpose. */
export function SaveQuery({ query, onClose }: { query: string; onClose: () => void }) {
  const [name, setName] = useState('')
  const [overwrite, setOverwrite] = useState(false)
  const isTaken = useSavedQueries().data?.some(({ Name }) => Name === name.trim()) ?? false
  const input = { Name: name.trim(), Query: query, ...(isTaken && overwrite && { Overwrite: true }) }
  const act = useAct(['inventory'], () => steward('SaveInventoryQuery', input))
  return (
    <FormDialog
      title={texts.saveTitle}
      act={texts.save}
      disabled={input.Name === '' || (isTaken && !overwrite)}
      command={stewardCall('SaveInventoryQuery', input)}
      onSubmit={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.saved(input.Name) })
      }}
      onClose={onClose}
    >
      <FormField label={texts.name} description={texts.nameHint}>
        <Input value={name} autoFocus spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      {isTaken && (
        <Checkbox checked={overwrite} onChange={({ detail }) => setOverwrite(detail.checked)}>
          {texts.overwrite}
        </Checkbox>
      )}
    </FormDialog>
  )
}
