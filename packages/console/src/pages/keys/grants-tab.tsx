import { type GrantListEntry, RevokeGrantCommand } from '@aws-sdk/client-kms'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { kms } from '#api/clients/kms.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable, useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { keys as texts } from '#texts/keys.ts'
import { useGrants } from './read-keys.ts'

const idOf = ({ GrantId = '' }: GrantListEntry) => GrantId

/** Who may use the key beside its policy. */
export function GrantsTab({ keyId }: { keyId: string }) {
  const read = useGrants(keyId)
  const selection = useSelection(read.data, idOf)
  const [asking, setAsking] = useState(false)
  return (
    <>
      <ResourceTable
        name="key-grants"
        variant="container"
        title={texts.grants.title}
        description={texts.grants.hint}
        columns={columns}
        idOf={idOf}
        items={read.data}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        searchable={false}
        selection={selection}
        command={shellWords('aws', 'kms', 'list-grants', '--key-id', keyId)}
        empty={<Empty title={texts.grants.none}>{texts.grants.noneHint}</Empty>}
        actions={
          <Button disabled={selection.selected.length === 0} onClick={() => setAsking(true)}>
            {texts.grants.revoke}
          </Button>
        }
      />
      {asking && <Revoke keyId={keyId} grants={selection.selected} onClose={() => setAsking(false)} />}
    </>
  )
}

interface RevokeProps {
  readonly keyId: string
  readonly grants: readonly GrantListEntry[]
  readonly onClose: () => void
}

function Revoke({ keyId, grants, onClose }: RevokeProps) {
  const act = useAct(['keys'], async () => {
    for (const { GrantId } of grants) await kms().send(new RevokeGrantCommand({ KeyId: keyId, GrantId }))
  })
  return (
    <Confirm
      title={texts.grants.revokeTitle(grants.length)}
      act={texts.grants.revoke}
      command={grants
        .map(({ GrantId }) => shellWords('aws', 'kms', 'revoke-grant', '--key-id', keyId, '--grant-id', GrantId))
        .join('\n')}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.grants.revoked })
      }}
      onClose={onClose}
    >
      <Box>{texts.grants.revokeBody}</Box>
      <ul className="st-mono">
        {grants.map(({ GrantId, GranteePrincipal }) => (
          <li key={GrantId}>{GranteePrincipal}</li>
        ))}
      </ul>
    </Confirm>
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
