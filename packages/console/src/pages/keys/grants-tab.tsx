import type { GrantListEntry, KeyMetadata } from '@aws-sdk/client-kms'
import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { keys as texts } from '#texts/keys.ts'
import { CreateGrant } from './create-grant.tsx'
import { type End, EndGrants } from './end-grants.tsx'
import { useGrants } from './read-keys.ts'

const ENDS = ['retire', 'revoke'] as const

const idOf = ({ GrantId = '' }: GrantListEntry) => GrantId

/** Who may use the key beside its policy. */
export function GrantsTab({ metadata }: { metadata: KeyMetadata }) {
  const { KeyId: keyId = '' } = metadata
  const read = useGrants(keyId)
  const selection = useSelection(read.data, idOf)
  const [asking, setAsking] = useState<End | 'create'>()
  const close = () => setAsking(undefined)
  return (
    <>
      <ListPanel
        name="key-grants"
        title={texts.grants.title}
        description={texts.grants.hint}
        columns={columns}
        idOf={idOf}
        read={read}
        selection={selection}
        command={shellWords('aws', 'kms', 'list-grants', '--key-id', keyId)}
        empty={<Empty title={texts.grants.none}>{texts.grants.noneHint}</Empty>}
        actions={
          <>
            {ENDS.map((end) => (
              <Button key={end} disabled={selection.selected.length === 0} onClick={() => setAsking(end)}>
                {texts.grants.ends[end].act}
              </Button>
            ))}
            <Button disabled={metadata.KeyState !== 'Enabled'} onClick={() => setAsking('create')}>
              {texts.grants.create}
            </Button>
          </>
        }
      />
      {asking === 'create' && <CreateGrant metadata={metadata} onClose={close} />}
      {(asking === 'retire' || asking === 'revoke') && (
        <EndGrants end={asking} grants={selection.selected} onClose={close} />
      )}
    </>
  )
}

const { columns: names } = texts.grants

const columns: readonly Column<GrantListEntry>[] = [
  {
    id: 'grantee',
    header: names.grantee,
    cell: ({ GranteePrincipal }) => GranteePrincipal,
    text: ({ GranteePrincipal = '' }) => GranteePrincipal,
    rowHeader: true,
    width: 280,
  },
  {
    id: 'operations',
    header: names.operations,
    cell: ({ Operations = [] }) => Operations.join(', '),
    text: ({ Operations = [] }) => Operations.join(' '),
    width: 280,
  },
  {
    id: 'constraints',
    header: names.constraints,
    cell: ({ Constraints }) => constraintText(Constraints) || '–',
    text: ({ Constraints }) => constraintText(Constraints),
    width: 240,
  },
  { id: 'name', header: names.name, cell: ({ Name }) => Name || '–', text: ({ Name = '' }) => Name, width: 140 },
  {
    id: 'created',
    header: names.created,
    cell: ({ CreationDate }) => <Time at={CreationDate} only="relative" />,
    text: ({ CreationDate }) => CreationDate?.toISOString() ?? '',
    width: 150,
  },
  {
    id: 'retiring',
    header: names.retiring,
    cell: ({ RetiringPrincipal }) => RetiringPrincipal ?? '–',
    text: ({ RetiringPrincipal = '' }) => RetiringPrincipal,
    hidden: true,
    width: 280,
  },
]

function constraintText(constraints: GrantListEntry['Constraints']): string {
  const pairs = { ...constraints?.EncryptionContextEquals, ...constraints?.EncryptionContextSubset }
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
}
