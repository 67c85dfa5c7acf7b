import type { Policy } from '@aws-sdk/client-iam'
import Pagination from '@cloudscape-design/components/pagination'
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

const ROWS = 10

/** Managed policies to choose from, but for those that are there already. */
export function PickPolicies({ picked, without = [] }: { picked: Picked<Policy>; without?: readonly string[] }) {
  const [words, setWords] = useState('')
  const [page, setPage] = useState(1)
  const read = usePolicies()
  const all = read.data?.filter(({ Arn }) => !without.includes(Arn!))
  const wanted = words.toLowerCase()
  const found = all?.filter(({ PolicyName }) => PolicyName!.toLowerCase().includes(wanted))
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      loading={read.isPending}
      loadingText={common.loading}
      items={found?.slice((page - 1) * ROWS, page * ROWS) ?? []}
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
          onChange={({ detail }) => {
            setWords(detail.filteringText)
            setPage(1)
          }}
        />
      }
      pagination={
        found &&
        found.length > ROWS && (
          <Pagination
            currentPageIndex={page}
            pagesCount={Math.ceil(found.length / ROWS)}
            onChange={({ detail }) => setPage(detail.currentPageIndex)}
          />
        )
      }
      empty={read.isError ? <Failed error={read.error} retry={() => void read.refetch()} /> : common.table.noMatch}
      columnDefinitions={[
        { id: 'name', header: texts.name, cell: ({ PolicyName }) => PolicyName, isRowHeader: true },
        {
          id: 'type',
          header: texts.type,
          cell: ({ Arn }) => (isAwsManaged(Arn) ? texts.awsManaged : texts.customerManaged),
        },
        {
          id: 'used',
          header: <div className="st-end">{access.policies.attachments}</div>,
          cell: ({ AttachmentCount }) => <div className="st-number st-end">{AttachmentCount ?? 0}</div>,
          width: 120,
        },
      ]}
    />
  )
}
