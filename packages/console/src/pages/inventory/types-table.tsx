import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { instant } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { Share } from '#components/share.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { inventory } from '#texts/inventory.ts'
import { typeAddress } from './addresses.ts'
import { DeleteType } from './delete-type.tsx'
import type { TypeSummary } from './read-inventory.ts'
import { isCustom, isDerived } from './types.ts'

const { types: texts } = inventory

/** The types of which there is something, on how many of the nodes. */
export function TypesTable({ types, total }: { types: readonly TypeSummary[]; total: number }) {
  const [deleted, setDeleted] = useState<string>()
  const [columns] = useState(() => columnsOf(total, setDeleted))
  return (
    <>
      <ResourceTable
        name="inventory-types"
        prefix="t-"
        variant="container"
        searchable={false}
        title={texts.title}
        description={texts.description}
        columns={columns}
        idOf={({ TypeName }) => TypeName}
        items={types.filter(({ TypeName, Nodes }) => Nodes > 0 || isDerived(TypeName) || isCustom(TypeName))}
        command={shellWords('aws', 'ssm', 'get-inventory-schema')}
        empty={<Empty title={texts.empty} />}
      />
      {deleted && <DeleteType type={deleted} onClose={() => setDeleted(undefined)} />}
    </>
  )
}

function columnsOf(total: number, onDelete: (type: string) => void): Column<TypeSummary>[] {
  const { columns: names } = texts
  return [
    {
      id: 'name',
      header: names.name,
      cell: ({ TypeName }) => <ConsoleLink to={typeAddress(TypeName)}>{TypeName}</ConsoleLink>,
      text: ({ TypeName }) => TypeName,
      rowHeader: true,
      width: 260,
    },
    {
      id: 'nodes',
      header: names.nodes,
      cell: ({ TypeName, Nodes }) => (isDerived(TypeName) ? texts.derived : <Share part={Nodes} whole={total} />),
      text: ({ TypeName, Nodes }) => (isDerived(TypeName) ? '' : String(Nodes)),
      sort: ({ Nodes }) => Nodes,
      width: 220,
    },
    {
      id: 'entries',
      header: names.entries,
      cell: ({ TypeName, Entries }) => (isDerived(TypeName) ? '–' : Entries.toLocaleString('en')),
      text: ({ Entries }) => String(Entries),
      sort: ({ Entries }) => Entries,
      number: true,
      width: 110,
    },
    {
      id: 'reported',
      header: names.reported,
      cell: ({ LastReported }) => <Time at={instant(LastReported)} only="relative" />,
      text: ({ LastReported }) => instant(LastReported)?.toISOString() ?? '',
      width: 150,
    },
    {
      id: 'table',
      header: names.table,
      cell: ({ TableName }) => <span className="st-mono">{TableName}</span>,
      text: ({ TableName }) => TableName,
      width: 240,
    },
    {
      id: 'acts',
      header: names.acts,
      cell: ({ TypeName }) =>
        isCustom(TypeName) && (
          <Button
            variant="inline-link"
            ariaLabel={`${inventory.remove.act} ${TypeName}`}
            onClick={() => onDelete(TypeName)}
          >
            {inventory.remove.act}
          </Button>
        ),
      width: 120,
    },
  ]
}
