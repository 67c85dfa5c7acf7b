import type { DocumentIdentifier } from '@aws-sdk/client-ssm'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo, useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { useStore } from '#api/store.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ResourceTable, useSelection } from '#components/table/resource-table.tsx'
import { documents as texts } from '#texts/documents.ts'
import { DeleteDocuments } from './delete-documents.tsx'
import { documentColumns } from './document-columns.tsx'
import { useDocuments } from './documents-data.ts'
import { favourites } from './favourites.ts'
import { originOf } from './owner.ts'

const OWNERS = ['all', 'own', 'provided', 'shared', 'favourites'] as const

type Owners = (typeof OWNERS)[number]

/** Every document that this account may use. */
export function DocumentsPage() {
  const [owners, setOwners] = useOwners()
  const read = useDocuments()
  const starred = useStore(favourites)
  const items = useMemo(() => read.data?.filter((one) => isAmong(one, owners, starred)), [read.data, owners, starred])
  const selection = useSelection(items, nameOf)
  const [deleting, setDeleting] = useState(false)
  return (
    <PageFrame title={texts.title} titleInContent contentType="table">
      <ResourceTable
        name="documents"
        title={texts.title}
        description={texts.description}
        columns={documentColumns}
        idOf={nameOf}
        items={items}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        sortedBy={{ column: 'name', descending: false }}
        placeholder={texts.search}
        command={listCommand(owners)}
        selection={selection}
        above={
          <SegmentedControl
            label={texts.owners.label}
            selectedId={owners}
            options={OWNERS.map((id) => ({ id, text: texts.owners[id] }))}
            onChange={({ detail }) => setOwners(detail.selectedId as Owners)}
          />
        }
        actions={<ListActions selected={selection.selected} onDelete={() => setDeleting(true)} />}
        empty={<NoDocuments owners={owners} />}
      />
      {deleting && <DeleteDocuments names={selection.selected.map(nameOf)} onClose={() => setDeleting(false)} />}
    </PageFrame>
  )
}

function ListActions({ selected, onDelete }: { selected: readonly DocumentIdentifier[]; onDelete: () => void }) {
  const [, navigate] = useLocation()
  const [only] = selected.length === 1 ? selected : []
  const own = selected.length > 0 && selected.every((one) => originOf(one) === 'own')
  const go = (path: string) => () => navigate(path)
  const acts: Readonly<Record<string, () => void>> = {
    run: go(`/commands/run?${new URLSearchParams({ document: only?.Name ?? '' })}`),
    clone: go(`/documents/new?${new URLSearchParams({ clone: only?.Name ?? '' })}`),
    delete: onDelete,
  }
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ButtonDropdown
        items={[
          { id: 'run', text: texts.run, disabled: only?.DocumentType !== 'Command' },
          { id: 'clone', text: texts.clone, disabled: !only },
          {
            id: 'delete',
            text: texts.delete,
            disabled: !own,
            ...(selected.length > 0 && { disabledReason: texts.remove.notOwn }),
          },
        ]}
        onItemClick={({ detail }) => acts[detail.id]?.()}
        disabled={selected.length === 0}
      >
        {texts.actions}
      </ButtonDropdown>
      <ButtonLink to="/documents/new" variant="primary">
        {texts.create}
      </ButtonLink>
    </SpaceBetween>
  )
}

function NoDocuments({ owners }: { owners: Owners }) {
  const hint =
    owners === 'shared' ? texts.empty.shared : owners === 'favourites' ? texts.empty.favourites : texts.empty.own
  const begins = owners === 'own' || owners === 'all'
  return (
    <Empty title={texts.empty.title} action={begins && <ButtonLink to="/documents/new">{texts.create}</ButtonLink>}>
      {hint}
    </Empty>
  )
}

function useOwners(): [Owners, (owners: Owners) => void] {
  const [search, setSearch] = useSearchParams()
  const asked = OWNERS.find((one) => one === search.get('owner')) ?? 'all'
  const ask = (owners: Owners) =>
    setSearch(
      (last) => {
        const next = new URLSearchParams(last)
        next.delete('page')
        if (owners === 'all') next.delete('owner')
        else next.set('owner', owners)
        return next
      },
      { replace: true },
    )
  return [asked, ask]
}

function isAmong(document: DocumentIdentifier, owners: Owners, starred: readonly string[]): boolean {
  if (owners === 'all') return true
  return owners === 'favourites' ? starred.includes(nameOf(document)) : originOf(document) === owners
}

const FILTERS: Partial<Record<Owners, string>> = { own: 'Self', provided: 'Amazon', shared: 'Private,Public' }

function listCommand(owners: Owners): string {
  const values = FILTERS[owners]
  return shellWords('aws', 'ssm', 'list-documents', ...(values ? ['--filters', `Key=Owner,Values=${values}`] : []))
}

function nameOf({ Name }: DocumentIdentifier): string {
  return Name!
}
