import Box from '@cloudscape-design/components/box'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { stewardCall } from '#components/steward-call.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { inventory } from '#texts/inventory.ts'
import { changeColumns, idOfChange } from './change-columns.tsx'
import { type Change, type ChangesAsked, useChanges, useSummary } from './read-inventory.ts'
import { isDerived } from './types.ts'

const { changes: texts } = inventory
const ABOVE = [{ text: inventory.title, to: '/inventory' }]
const COLUMNS = changeColumns()
const DAY_S = 86_400
const USUAL_DAYS = '7'

/** What changed on nodes, narrowed by the server. */
export function ChangesPage() {
  const [search, setSearch] = useSearchParams()
  const [opened] = useState(() => Math.floor(Date.now() / 1000))
  const asked = askedBy(search, opened)
  const read = useChanges(asked)
  function ask(name: string, value: string) {
    setSearch(
      (last) => {
        const next = new URLSearchParams(last)
        if (value) next.set(name, value)
        else next.delete(name)
        return next
      },
      { replace: true },
    )
  }
  return (
    <PageFrame title={texts.title} above={ABOVE} contentType="table" titleInContent>
      <ResourceTable
        name="inventory-changes"
        prefix="c-"
        searchable={false}
        title={texts.title}
        description={texts.description}
        columns={COLUMNS}
        idOf={idOfChange}
        items={read.data?.Changes}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        command={stewardCall('ListInventoryChanges', asked)}
        above={<Narrow search={search} onAsk={ask} />}
        footer={read.data?.NextToken && <Box color="text-body-secondary">{texts.cut(read.data.Changes.length)}</Box>}
        empty={<Empty title={texts.empty}>{texts.emptyBody}</Empty>}
      />
    </PageFrame>
  )
}

function askedBy(search: URLSearchParams, now: number): ChangesAsked {
  const text = (name: string) => search.get(name) || undefined
  const kind = text('kind')
  const days = Number(text('days') ?? USUAL_DAYS) || Number(USUAL_DAYS)
  return {
    Since: now - days * DAY_S,
    ...(text('name') && { Name: text('name') }),
    ...(text('type') && { TypeName: text('type') }),
    ...(text('node') && { InstanceId: text('node') }),
    ...(kind && kind in texts.kinds && { Kinds: [kind as Change['Kind']] }),
  }
}

interface NarrowProps {
  readonly search: URLSearchParams
  readonly onAsk: (name: string, value: string) => void
}

function Narrow({ search, onAsk }: NarrowProps) {
  const types = useSummary().data?.Types ?? []
  const { filters } = texts
  return (
    <div className="st-actions st-actions-fields">
      <Typed name="name" label={filters.name} search={search} onAsk={onAsk} />
      <Typed name="node" label={filters.node} search={search} onAsk={onAsk} />
      <Chosen
        label={filters.type}
        value={search.get('type') ?? ''}
        options={[
          ['', texts.anyType],
          ...types.flatMap(({ TypeName }) => (isDerived(TypeName) ? [] : [[TypeName, TypeName] as const])),
        ]}
        onChange={(value) => onAsk('type', value)}
      />
      <Chosen
        label={filters.kind}
        value={search.get('kind') ?? ''}
        options={[['', texts.anyKind], ...Object.entries(texts.kinds)]}
        onChange={(value) => onAsk('kind', value)}
      />
      <Chosen
        label={filters.since}
        value={search.get('days') ?? USUAL_DAYS}
        options={Object.entries(texts.periods)}
        onChange={(value) => onAsk('days', value === USUAL_DAYS ? '' : value)}
      />
    </div>
  )
}

/** Asked for when Enter says that it is whole: names are compared exactly. */
function Typed({ name, label, search, onAsk }: NarrowProps & { name: string; label: string }) {
  const asked = search.get(name) ?? ''
  const [typed, setTyped] = useState<string>()
  return (
    <Input
      type="search"
      value={typed ?? asked}
      placeholder={label}
      ariaLabel={label}
      clearAriaLabel={texts.clear}
      onChange={({ detail }) => {
        setTyped(detail.value)
        if (detail.value === '') onAsk(name, '')
      }}
      onKeyDown={({ detail }) => detail.key === 'Enter' && onAsk(name, (typed ?? asked).trim())}
      onBlur={() => onAsk(name, (typed ?? asked).trim())}
    />
  )
}

interface ChosenProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly onChange: (value: string) => void
}

function Chosen({ label, value, options, onChange }: ChosenProps) {
  const offered = options.map(([one, text]) => ({ value: one, label: text }))
  return (
    <Select
      inlineLabelText={label}
      selectedOption={offered.find((one) => one.value === value) ?? { value, label: value }}
      options={offered}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
    />
  )
}
