import type { Policy } from '@aws-sdk/client-iam'
import Table from '@cloudscape-design/components/table'
import TextFilter from '@cloudscape-design/components/text-filter'
import { useState } from 'react'
import { Failed } from '#components/failed.tsx'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'
import { isAwsManaged, usePolicies } from './reads.ts'

const texts = access.permissions

export interface Picked<T> {
  readonly items: readonly T[]
  readonly set: (items: readonly T[]) => void
}

export function usePicked<T>(): Picked<T> {
  const [items, set] = useState<readonly T[]>([])
  return { items, set }
}

const SHOWN = 200

/** Managed policies to choose from, but for those that are there already. */
export function PickPolicies({ picked, without = [] }: { picked: Picked<Policy>; without?: readonly string[] }) {
  const [words, setWords] = useState('')
  const read = usePolicies()
  const all = read.data?.filter(({ Arn }) => !without.includes(Arn!))
  const wanted = words.toLowerCase()
  const found = all?.filter(({ PolicyName, Description }) =>
    `${PolicyName} ${Description ?? ''}`.toLowerCase().includes(wanted),
  )
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      loading={read.isPending}
      loadingText={common.loading}
      items={found?.slice(0, SHOWN) ?? []}
      trackBy={({ Arn }) => Arn!}
      selectionType="multi"
      selectedItems={[...picked.items]}
      onSelectionChange={({ detail }) => picked.set(detail.selectedItems)}
      onRowClick={({ detail: { item } }) => {
        const without = picked.items.filter(({ Arn }) => Arn !== item.Arn)
        picked.set(without.length < picked.items.length ? without : [...picked.items, item])
      }}
      ariaLabels={{
        tableLabel: texts.policies,
        selectionGroupLabel: common.table.select,
        allItemsSelectionLabel: () => common.table.select,
        itemSelectionLabel: (_state, { PolicyName }) => PolicyName!,
      }}
      filter={
        <TextFilter
          filteringText={words}
          filteringPlaceholder={texts.findPolicies}
          filteringAriaLabel={texts.findPolicies}
          countText={words && found ? common.table.matches(found.length) : ''}
          onChange={({ detail }) => setWords(detail.filteringText)}
        />
      }
      empty={read.isError ? <Failed error={read.error} retry={() => void read.refetch()} /> : common.table.noMatch}
      columnDefinitions={[
        { id: 'name', header: texts.name, cell: ({ PolicyName }) => PolicyName, isRowHeader: true },
        {
          id: 'type',
          header: texts.type,
          cell: ({ Arn }) => (isAwsManaged(Arn) ? texts.awsManaged : texts.customerManaged),
        },
        { id: 'description', header: access.description, cell: ({ Description }) => Description ?? '–' },
      ]}
    />
  )
}
