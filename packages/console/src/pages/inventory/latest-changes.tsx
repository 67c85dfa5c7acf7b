import { ButtonLink } from '#components/button-link.tsx'
import { Empty } from '#components/empty.tsx'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { inventory } from '#texts/inventory.ts'
import { changeColumns, idOfChange } from './change-columns.tsx'
import type { Change } from './read-inventory.ts'

const { changes: texts } = inventory
const COLUMNS = changeColumns()

/** The latest of the changes of the last day. */
export function LatestChanges({ changes }: { changes: readonly Change[] }) {
  return (
    <ResourceTable
      name="inventory-latest-changes"
      prefix="c-"
      variant="container"
      searchable={false}
      title={texts.latest}
      columns={COLUMNS}
      idOf={idOfChange}
      items={changes}
      actions={<ButtonLink to="/inventory/changes">{inventory.all}</ButtonLink>}
      empty={<Empty title={texts.none}>{texts.noneHint}</Empty>}
    />
  )
}
