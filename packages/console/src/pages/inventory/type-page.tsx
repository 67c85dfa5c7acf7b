import Button from '@cloudscape-design/components/button'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import type { Params } from '#app/area.ts'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { queryFrom } from '#components/table/table-query.ts'
import { newGroupBy } from '#pages/groups/group-address.ts'
import { inventory } from '#texts/inventory.ts'
import { DeleteType } from './delete-type.tsx'
import { EntriesTable } from './entries-table.tsx'
import { groupFilters } from './group-filters.ts'
import { NodesTable } from './nodes-table.tsx'
import { type TypeSummary, useSummary } from './read-inventory.ts'
import { isCustom, isDerived, RESOURCE_GROUP } from './types.ts'

const { browse: texts } = inventory
const ABOVE = [{ text: inventory.title, to: '/inventory' }]

/** What there is of a type: each thing with its number of nodes, or node by node. */
export function TypePage({ params: { type = '' } }: { params: Params }) {
  const read = useSummary()
  const found = read.data?.Types.find(({ TypeName }) => TypeName === type)
  if (found)
    return (
      <PageFrame title={type} above={ABOVE} contentType="table" titleInContent>
        <Entries type={found} />
      </PageFrame>
    )
  return (
    <PageFrame title={type} above={ABOVE}>
      <Loaded read={read}>{() => <Empty title={texts.gone}>{texts.goneBody}</Empty>}</Loaded>
    </PageFrame>
  )
}

function Entries({ type }: { type: TypeSummary }) {
  const [search, setSearch] = useSearchParams()
  const byNode = search.get('by') === 'node'
  const choice = (
    <SegmentedControl
      label={texts.viewLabel}
      selectedId={byNode ? 'node' : 'entry'}
      options={[
        { id: 'entry', text: texts.views.entry },
        { id: 'node', text: texts.views.node },
      ]}
      onChange={({ detail }) =>
        // Another view has other columns: what was searched for in one may not be in the other.
        setSearch({ type: type.TypeName, ...(detail.selectedId === 'node' && { by: 'node' }) }, { replace: true })
      }
    />
  )
  const Shown = byNode ? NodesTable : EntriesTable
  return (
    <Shown
      type={type}
      above={choice}
      actions={
        <>
          {type.TypeName !== RESOURCE_GROUP && <SaveAsGroup type={type} search={search} />}
          {isCustom(type.TypeName) && <DeleteButton type={type.TypeName} />}
        </>
      }
      description={isDerived(type.TypeName) ? undefined : texts.reported(type.Nodes, type.Entries)}
    />
  )
}

/** A group of the nodes that a search means, as far as a group can say it. */
function SaveAsGroup({ type: { TypeName, Columns }, search }: { type: TypeSummary; search: URLSearchParams }) {
  const [, navigate] = useLocation()
  const filters = groupFilters(TypeName, Columns.slice(1), queryFrom(search))
  return (
    <Button disabled={!filters} disabledReason={texts.noGroup} onClick={() => filters && navigate(newGroupBy(filters))}>
      {texts.asGroup}
    </Button>
  )
}

function DeleteButton({ type }: { type: string }) {
  const [, navigate] = useLocation()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button onClick={() => setAsking(true)}>{inventory.remove.act}</Button>
      {asking && <DeleteType type={type} onDone={() => navigate('/inventory')} onClose={() => setAsking(false)} />}
    </>
  )
}

/** What both tables of a type are given. */
export interface TypeTableProps {
  readonly type: TypeSummary
  readonly above: React.ReactNode
  readonly actions: React.ReactNode
  readonly description: string | undefined
}
