import { useMemo } from 'react'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { useNodeNames } from '#pages/sessions/node-link.tsx'
import { compliance } from '#texts/compliance.ts'
import { type Asked, listCommand } from './asked.ts'
import { cutNote } from './cut-note.tsx'
import { idOfItem, itemColumns } from './item-columns.tsx'
import { equal, useItems } from './read-compliance.ts'

const { type: texts } = compliance

/** The items of a type on all nodes. */
export function TypeItems({ asked: { type, status, severity, item } }: { asked: Asked }) {
  const filters = useMemo(
    () => [
      ...equal('ComplianceType', type),
      ...equal('Status', status),
      ...equal('Severity', severity),
      ...equal('Id', item),
    ],
    [type, status, severity, item],
  )
  const read = useItems(undefined, filters)
  const items = read.data?.items
  const names = useNodeNames((items ?? []).map(({ ResourceId }) => ResourceId))
  const columns = useMemo(
    () =>
      itemColumns(({ ResourceId = '' }) => (
        <ConsoleLink to={`/nodes/${ResourceId}?tab=compliance`}>{names.get(ResourceId) ?? ResourceId}</ConsoleLink>
      )),
    [names],
  )
  return (
    <ResourceTable
      name="compliance-items"
      prefix="i-"
      variant="container"
      title={texts.items}
      columns={columns}
      idOf={idOfItem}
      items={items}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      command={listCommand('list-compliance-items', filters)}
      footer={cutNote(read.data)}
      empty={<Empty title={texts.noItems}>{texts.noItemsBody}</Empty>}
    />
  )
}
