import type { DocumentVersionInfo } from '@aws-sdk/client-ssm'
import Badge from '@cloudscape-design/components/badge'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo, useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { documents } from '#texts/documents.ts'
import { documentEditPath, documentPath } from './document-name.ts'
import type { DocumentTabProps } from './document-tabs.tsx'
import { useVersions } from './documents-data.ts'
import { noEditBecause, originOf } from './owner.ts'
import { DeleteVersion, SetDefaultVersion } from './version-acts.tsx'
import { VersionDiff } from './version-diff.tsx'

const { versions: texts, fields } = documents

/** All versions, and what differs between two of them. */
export function VersionsTab({ name, document }: DocumentTabProps) {
  const [, navigate] = useLocation()
  const [search] = useSearchParams()
  const read = useVersions(name)
  const { selected, ...selection } = useSelection(read.data, numberOf)
  const [asking, setAsking] = useState<'default' | 'delete'>()
  const [only] = selected.length === 1 ? selected : []
  const compared = comparedIn(search, read.data)
  const compare = (one: string, other: string) =>
    navigate(documentPath(name, { tab: 'versions', compare: inOrder(one, other).join('-') }))
  const columns = useMemo(() => columnsOf(name, document.LatestVersion, read.data), [name, document, read.data])
  const own = originOf(document) === 'own'
  return (
    <SpaceBetween size="l">
      {compared && (
        <VersionDiff
          name={name}
          one={compared[0]}
          other={compared[1]}
          onClose={() => navigate(documentPath(name, { tab: 'versions' }))}
        />
      )}
      <ListPanel
        name="document-versions"
        prefix="v."
        title={texts.title}
        description={texts.compareHint}
        columns={columns}
        idOf={numberOf}
        read={read}
        command={shellWords('aws', 'ssm', 'list-document-versions', '--name', name)}
        selection={{ selected, ...selection }}
        sortedBy={{ column: 'version', descending: true }}
        empty={<Empty title={texts.title} />}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={selected.length !== 2}
              disabledReason={texts.two}
              onClick={() => compare(numberOf(selected[0]!), numberOf(selected[1]!))}
            >
              {texts.compare}
            </Button>
            {own && (
              <VersionActions
                only={only}
                editable={noEditBecause(document) === undefined}
                onEdit={() => navigate(documentEditPath(name, only?.DocumentVersion))}
                onAsk={setAsking}
              />
            )}
          </SpaceBetween>
        }
      />
      {asking === 'default' && only && (
        <SetDefaultVersion
          name={name}
          version={numberOf(only)}
          last={document.DefaultVersion ?? ''}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'delete' && only && (
        <DeleteVersion name={name} version={numberOf(only)} onClose={() => setAsking(undefined)} />
      )}
    </SpaceBetween>
  )
}

interface VersionActionsProps {
  readonly only: DocumentVersionInfo | undefined
  readonly editable: boolean
  readonly onEdit: () => void
  readonly onAsk: (what: 'default' | 'delete') => void
}

function VersionActions({ only, editable, onEdit, onAsk }: VersionActionsProps) {
  const isDefault = only?.IsDefaultVersion === true
  return (
    <ButtonDropdown
      items={[
        { id: 'default', text: texts.setDefault, disabled: isDefault },
        { id: 'edit', text: texts.edit, disabled: !editable },
        {
          id: 'delete',
          text: texts.delete,
          disabled: isDefault,
          ...(isDefault && { disabledReason: texts.defaultStays }),
        },
      ]}
      disabled={!only}
      disabledReason={texts.one}
      onItemClick={({ detail }) => (detail.id === 'edit' ? onEdit() : onAsk(detail.id as 'default' | 'delete'))}
    >
      {documents.actions}
    </ButtonDropdown>
  )
}

function columnsOf(
  name: string,
  latest: string | undefined,
  versions: readonly DocumentVersionInfo[] | undefined,
): readonly Column<DocumentVersionInfo>[] {
  const before = (version: string) => versions?.map(numberOf).find((one) => Number(one) < Number(version))
  return [
    {
      id: 'version',
      header: fields.version,
      cell: (one) => (
        <SpaceBetween direction="horizontal" size="xs">
          <ConsoleLink to={documentPath(name, { version: numberOf(one) })}>{numberOf(one)}</ConsoleLink>
          {one.IsDefaultVersion && <Badge color="blue">{texts.default}</Badge>}
          {numberOf(one) === latest && <Badge>{texts.latest}</Badge>}
        </SpaceBetween>
      ),
      text: numberOf,
      sort: (one) => Number(numberOf(one)),
      rowHeader: true,
      width: 220,
    },
    {
      id: 'versionName',
      header: fields.versionName,
      cell: ({ VersionName }) => VersionName ?? '–',
      text: ({ VersionName }) => VersionName ?? '',
      width: 200,
    },
    {
      id: 'created',
      header: fields.created,
      cell: ({ CreatedDate }) => <Time at={CreatedDate} />,
      text: ({ CreatedDate }) => CreatedDate?.toISOString() ?? '',
      width: 300,
    },
    {
      id: 'changes',
      header: texts.changed,
      cell: (one) => <Since name={name} version={numberOf(one)} before={before(numberOf(one))} />,
      width: 180,
    },
    {
      id: 'format',
      header: fields.format,
      cell: ({ DocumentFormat }) => DocumentFormat,
      text: ({ DocumentFormat }) => DocumentFormat ?? '',
      width: 100,
    },
    {
      id: 'displayName',
      header: fields.displayName,
      cell: ({ DisplayName }) => DisplayName ?? '–',
      text: ({ DisplayName }) => DisplayName ?? '',
      hidden: true,
    },
  ]
}

function Since({ name, version, before }: { name: string; version: string; before: string | undefined }) {
  if (before === undefined) return <>{texts.first}</>
  const compare = `${before}-${version}`
  return <ConsoleLink to={documentPath(name, { tab: 'versions', compare })}>{texts.changedFrom(before)}</ConsoleLink>
}

function comparedIn(
  search: URLSearchParams,
  versions: readonly DocumentVersionInfo[] | undefined,
): [DocumentVersionInfo, DocumentVersionInfo] | undefined {
  const [one, other] = (search.get('compare') ?? '')
    .split('-')
    .map((number) => versions?.find((version) => numberOf(version) === number))
  return one && other && [one, other]
}

function inOrder(one: string, other: string): string[] {
  return [one, other].sort((first, second) => Number(first) - Number(second))
}

function numberOf({ DocumentVersion }: DocumentVersionInfo): string {
  return DocumentVersion!
}
